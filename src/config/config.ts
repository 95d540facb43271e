import type { z } from 'zod';
import type { HttpAuth } from '../http/auth.ts';
import type { HttpLimits } from '../http/limits.ts';
import type { SharingSettings } from '../http/sharing.ts';
import type { Provider } from '../providers/provider.ts';
import type { server } from './server-schema.ts';

export interface Config {
  readonly server: ServerConfig;
  readonly sources: readonly SourceEntry[];
}

type Server = z.output<typeof server>;

export type ServerConfig = Readonly<Omit<Server, 'trustedDocuments'>> & {
  readonly graphiql: boolean;
  readonly introspection: boolean;
  readonly explain: boolean;
  readonly suggestions: boolean;
  /** By id; null when any document is answered. */
  readonly trustedDocuments: ReadonlyMap<string, string> | null;
};

export type InboundAuth = Server['auth'];

export interface SourceEntry {
  readonly id: string;
  readonly name: string;
  readonly provider: Provider<unknown>;
  readonly url: string;
  readonly auth: HttpAuth;
  readonly user: SourceUser;
  readonly limits: HttpLimits;
  readonly sharing: SharingSettings;
  readonly catalog: boolean;
  readonly settings: unknown;
}

/** Whose sessions a source reads: everybody's that its credential shows, those of whoever asks, or always the same user's. */
export type SourceUser =
  | { readonly kind: 'none' }
  | { readonly kind: 'viewer' }
  | { readonly kind: 'constant'; readonly id: string };
