import type { ReactNode } from 'react';
import { graphql, useFragment, useLazyLoadQuery } from 'react-relay';
import type { filePart_file$key } from '#relay/filePart_file.graphql.ts';
import type { filePartQuery } from '#relay/filePartQuery.graphql.ts';
import { Optional } from './answer.tsx';
import { toLabel } from './words.ts';

interface Props {
  readonly file: filePart_file$key;
  readonly messageId: string;
  /** Of the part in its message. */
  readonly index: number;
}

/** An image that the platform keeps is shown. What is at a URL is never fetched, only linked. */
export function FilePart({ file, messageId, index }: Props): ReactNode {
  const { modality, mediaType, filename, url, byteLength } = useFragment(
    graphql`fragment filePart_file on FilePart { modality mediaType filename url byteLength }`,
    file,
  );
  const isKept = typeof byteLength === 'number';
  const name = filename ?? toLabel(modality === 'UNKNOWN' ? 'FILE' : modality);
  return (
    <figure className="file">
      {modality === 'IMAGE' && isKept && typeof mediaType === 'string' && (
        <Optional attempt={messageId} otherwise={<div className="skeleton" />}>
          <Image messageId={messageId} index={index} mediaType={mediaType} name={name} />
        </Optional>
      )}
      <figcaption>
        {url ? (
          <a href={url} rel="noreferrer">
            {name}
          </a>
        ) : (
          name
        )}
        <small>{mediaType}</small>
      </figcaption>
    </figure>
  );
}

type ImageProps = Readonly<Pick<Props, 'messageId' | 'index'> & Record<'mediaType' | 'name', string>>;

/** The bytes are asked for by name, for this message alone. */
function Image({ messageId, index, mediaType, name }: ImageProps): ReactNode {
  const { node } = useLazyLoadQuery<filePartQuery>(
    graphql`
      query filePartQuery($id: ID!) {
        node(id: $id) {
          ... on Message { parts { ... on FilePart { base64 } } }
        }
      }
    `,
    { id: messageId },
  );
  const base64 = node?.parts?.[index]?.base64;
  return base64 && <img src={`data:${mediaType};base64,${base64}`} alt={name} />;
}
