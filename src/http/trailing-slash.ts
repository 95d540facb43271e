/**
 * AgentScope (and Agno before 2.4, the other way round) sends whoever has the slash wrong to the other path by a 307, with a
 * Location built from the Host header it saw and a path it has decoded and encoded again. So only path and query are compared,
 * and what is asked next is the path we sent, with or without its slash: never what the Location says.
 */
export function toSlashRedirect(path: string, location: string | null): string | null {
  if (location === null) return null;
  const [target, targetQuery] = split(location.replace(/^([a-z][a-z0-9+.-]*:)?\/\/[^/?#]*/i, ''));
  const [own, ownQuery] = split(path);
  const toggled = own.endsWith('/') ? own.slice(0, -1) : `${own}/`;
  if (toggled === '' || targetQuery !== ownQuery || decode(target) !== decode(toggled)) return null;
  return toggled + ownQuery;
}

function split(path: string): readonly [path: string, query: string] {
  const index = path.indexOf('?');
  return index === -1 ? [path, ''] : [path.slice(0, index), path.slice(index)];
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
