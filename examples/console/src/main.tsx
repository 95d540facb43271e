import { createRoot } from 'react-dom/client';
import { RelayEnvironmentProvider } from 'react-relay';
import { environment, GraphError } from './environment.ts';
import { type Prepare, Router } from './router.tsx';
import { prepareSession } from './session-page.tsx';
import { prepareSessions } from './sessions-page.tsx';
import { Shell } from './shell.tsx';
import { prepareSources } from './sources-page.tsx';

const prepare: Prepare = (url, fetchPolicy) => {
  const [, place, id = '', nativeId = ''] = url.pathname.split('/').map(decodeURIComponent);
  switch (place) {
    case 'sessions':
      return prepareSession(id);
    case 'sources':
      return prepareSources(url, fetchPolicy);
    case 'open':
      // Where links of other systems lead, which know a session by the id of its platform.
      return prepareSessions(new URL(`/?${new URLSearchParams({ source: id, native: nativeId })}`, url), fetchPolicy);
    default:
      return prepareSessions(url, fetchPolicy);
  }
};

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
