import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { GraphiQLOptions } from 'graphql-yoga';
import { lazily } from '../domain/lazily.ts';
import { chooseEncoding, type Encoding } from './encoding.ts';
import { toExampleQueries } from './example-queries.ts';

/**
 * The whole page, scripts and styles included: it loads nothing from anywhere. It is made when it is first asked for: until then
 * its 30 megabytes of text are not even read.
 */
export interface GraphiqlPage {
  readonly etag: string;
  /** The page as a browser that sends this `accept-encoding` takes it. */
  read(acceptEncoding: string | null): Promise<{ readonly encoding: Encoding; readonly body: Uint8Array<ArrayBuffer> }>;
}

export interface GraphiqlServer {
  readonly path: string;
  readonly explain: boolean;
}

export function createGraphiql(sourceIds: readonly string[], server: GraphiqlServer): () => Promise<GraphiqlPage> {
  return lazily(async () => {
    const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
    return toPage(withStyle(renderGraphiQL(toOptions(sourceIds, server))));
  });
}

function toOptions(sourceIds: readonly string[], { path, explain }: GraphiqlServer): GraphiQLOptions {
  const examples = toExampleQueries(sourceIds, explain);
  return {
    title: 'Session Graph',
    endpoint: path,
    // It would subscribe by GET, which is answered only with a header that no form can send.
    method: 'POST',
    ...(examples[0] === undefined ? {} : { defaultQuery: examples[0].query }),
    defaultTabs: examples.map(({ query, variables, headers }) => ({
      query,
      variables: JSON.stringify(variables, null, 2),
      ...(headers === undefined ? {} : { headers: JSON.stringify(headers, null, 2) }),
    })),
    // A token must not outlive the tab it was pasted into.
    shouldPersistHeaders: false,
  };
}

/**
 * Tabs keep the shift by which they were animated into their places and lose it when they are first pressed: the press then
 * ends beside the tab and is no click. Without any shift each click counts; only dragging a tab is no longer drawn.
 */
const style = '<style>.graphiql-tab { transform: none !important; }</style>';

function withStyle(html: string): string {
  if (!html.includes('<head>')) throw new Error('The page of GraphiQL has no head.');
  return html.replace('<head>', `<head>${style}`);
}

type Body = Uint8Array<ArrayBuffer>;

function toPage(html: string): GraphiqlPage {
  const plain = new TextEncoder().encode(html);
  // Some megabytes, which are the same each time: each encoding is made once.
  const bodies = new Map<Encoding, Promise<Body>>();
  return {
    // Weak, because it stands for all encodings.
    etag: `W/"${createHash('sha256').update(plain).digest('base64url')}"`,
    async read(acceptEncoding) {
      const encoding = chooseEncoding(acceptEncoding);
      const body = bodies.get(encoding) ?? encode(plain, encoding);
      bodies.set(encoding, body);
      return { encoding, body: await body };
    },
  };
}

const toBrotli = promisify(brotliCompress);
const toGzip = promisify(gzip);

async function encode(plain: Body, encoding: Encoding): Promise<Body> {
  switch (encoding) {
    case 'br':
      // The best quality takes seconds for a few percent.
      return new Uint8Array(await toBrotli(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } }));
    case 'gzip':
      return new Uint8Array(await toGzip(plain));
    case 'identity':
      return plain;
  }
}
