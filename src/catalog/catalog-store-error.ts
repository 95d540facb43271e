/** The store cannot be read or written now. The message is for people, and names no address and no secret. */
export class CatalogStoreError extends Error {
  override readonly name = 'CatalogStoreError';
  /** A word for the log, such as `ECONNREFUSED` or a code of SQL. */
  readonly reason: string;

  constructor(reason: string, message: string) {
    super(message);
    this.reason = reason;
  }
}
