/** The response to a request that GraphQL never sees. */
export interface ErrorResponse {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const internalError: ErrorResponse = {
  status: 500,
  code: 'INTERNAL_SERVER_ERROR',
  message: 'Internal server error',
};

/** In the form of a GraphQL response, which GraphQL clients can read. */
export function toErrorBody({ code, message }: ErrorResponse): string {
  return JSON.stringify({ errors: [{ message, extensions: { code } }] });
}

export function toErrorResponse(error: ErrorResponse, ResponseType: typeof Response): Response {
  return new ResponseType(toErrorBody(error), {
    status: error.status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...error.headers },
  });
}
