import { type ReactNode, Suspense, useState } from 'react';
import { graphql, useFragment, useLazyLoadQuery } from 'react-relay';
import type { filePart_file$key } from '#relay/filePart_file.graphql.ts';
import type { filePartQuery } from '#relay/filePartQuery.graphql.ts';
import { toLabel } from './words.ts';

interface Props {
  readonly file: filePart_file$key;
  readonly messageId: string;
  /** Of the part in its message. */
  readonly index: number;
}

const shownUnasked = 256 * 1024;

/** A small image is shown at once; a large one when it is asked for. What is at a URL is never fetched, only linked. */
export function FilePart({ file, messageId, index }: Props): ReactNode {
  const { modality, mediaType, filename, url, byteLength } = useFragment(
    graphql`fragment filePart_file on FilePart { modality mediaType filename url byteLength }`,
    file,
  );
  const isImage = modality === 'IMAGE' && typeof mediaType === 'string' && typeof byteLength === 'number';
  const [isWanted, setWanted] = useState((byteLength ?? 0) <= shownUnasked);
  const size = typeof byteLength === 'number' && `${Math.ceil(byteLength / 1024)} kB`;
  const name = filename ?? toLabel(modality === 'UNKNOWN' ? 'FILE' : modality);
  return (
    <figure className="file">
      {isImage && isWanted && (
        <Suspense fallback={<div className="skeleton image" />}>
          <Image messageId={messageId} index={index} mediaType={mediaType} name={name} />
        </Suspense>
      )}
      <figcaption>
        {url ? (
          <a href={url} rel="noreferrer">
            {name}
          </a>
        ) : (
          name
        )}
        <small>{[mediaType, size, url && new URL(url, window.location.href).host].filter(Boolean).join(' · ')}</small>
        {isImage && !isWanted && (
          <button type="button" className="button" onClick={() => setWanted(true)}>
            Show
          </button>
        )}
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
