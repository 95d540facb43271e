/** Why a request is not even looked at. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** In the form of a GraphQL answer, because GraphQL clients have to read it. */
export function toRefusalBody({ code, message }: Refusal): string {
  return JSON.stringify({ errors: [{ message, extensions: { code } }] });
}

export function toRefusalResponse(refusal: Refusal, ResponseType: typeof Response): Response {
  return new ResponseType(toRefusalBody(refusal), {
    status: refusal.status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...refusal.headers },
  });
}
