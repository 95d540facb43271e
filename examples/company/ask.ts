export interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string }[];
}

export type Ask = (query: string, variables?: Readonly<Record<string, unknown>>) => Promise<Answer>;

/** One GraphQL request over HTTP, to whatever answers as `fetch` does. */
export function askVia(fetchOne: (request: Request) => Promise<Response>, url: string): Ask {
  return async (query, variables = {}) => {
    const response = await fetchOne(
      new Request(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({ query, variables }),
      }),
    );
    return (await response.json()) as Answer;
  };
}

export function askAt(url: string): Ask {
  return askVia((request) => fetch(request), url);
}

/** The data of an answer without errors. */
export async function dataOf<Data>(answer: Promise<Answer>): Promise<Data> {
  const { data, errors } = await answer;
  if (errors !== undefined) throw new Error(errors.map(({ message }) => message).join('\n'));
  return data as Data;
}
