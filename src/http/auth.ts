/** How a source's credential is sent. */
export type HttpAuth =
  | { readonly kind: 'none' }
  | { readonly kind: 'bearer'; readonly token: string }
  | { readonly kind: 'header'; readonly name: string; readonly value: string }
  /** `Authorization: ApiKey <token>` */
  | { readonly kind: 'apiKey'; readonly token: string }
  /** `Authorization: <token>` */
  | { readonly kind: 'raw'; readonly token: string }
  | OAuth2Settings
  /** The caller's own credential, from an inbound header, under the same name. */
  | { readonly kind: 'forward'; readonly header: string };

export interface OAuth2Settings {
  readonly kind: 'oauth2';
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Null for a server that grants its default. */
  readonly scope: string | null;
}
