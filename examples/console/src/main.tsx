import { createRoot } from 'react-dom/client';
import { RelayEnvironmentProvider } from 'react-relay';
import { environment } from './environment.ts';
import { GraphError } from './graph-error.ts';
import { prepareNeedsMe } from './needs-me-page.tsx';
import { prepareOpen } from './open-page.tsx';
import { type Prepare, Router } from './router.tsx';
import { prepareSession } from './session-page.tsx';
import { prepareSessions } from './sessions-page.tsx';
import { Shell } from './shell.tsx';
import { prepareSources } from './sources-page.tsx';
import { showTheme } from './theme-switch.tsx';

const prepare: Prepare = (url, visit) => {
  const [, place, id, nativeId] = url.pathname.split('/').map(decodeURIComponent);
  if (place === 'sessions' && id !== undefined) return prepareSession(id);
  if (place === 'open' && id !== undefined && nativeId !== undefined) return prepareOpen(id, nativeId);
  if (place === 'needs-me') return prepareNeedsMe(url, visit);
  if (place === 'sources') return prepareSources(url, visit);
  return prepareSessions(url, visit);
};

showTheme();
const root = document.getElementById('root');
if (root !== null) {
  // What a boundary shows needs no line on the console; what is a mistake of this page does.
  const onCaughtError = (error: unknown): void => {
    if (!(error instanceof GraphError)) console.error(error);
  };
  createRoot(root, { onCaughtError }).render(
    <RelayEnvironmentProvider environment={environment}>
      <Router prepare={prepare}>{(page) => <Shell>{page}</Shell>}</Router>
    </RelayEnvironmentProvider>,
  );
}
