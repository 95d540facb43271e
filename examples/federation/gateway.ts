import { createGatewayRuntime, type GatewayRuntime, type TransportEntryAdditions } from '@graphql-hive/gateway-runtime';
import { composeServices } from '@theguild/federation-composition';
import { parse } from 'graphql';

export interface Subgraph {
  readonly name: string;
  readonly url: string;
  readonly sdl: string;
}

/** The supergraph of all subgraphs; refused with every reason why there is none. */
export function compose(subgraphs: readonly Subgraph[]): string {
  const { supergraphSdl, errors } = composeServices(
    subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) })),
  );
  if (supergraphSdl === undefined) {
    throw new Error(`The subgraphs do not compose:\n${errors?.map(({ message }) => message).join('\n')}`);
  }
  return supergraphSdl;
}

/** It would subscribe by GET, which Session Graph answers only with a header that no form can send. */
export const overEvents = { '*.http': { options: { method: 'POST' } } };

/** Where Session Graph has `server.webSocket`. It needs the package @graphql-mesh/transport-ws. */
export const overWebSocket = { '*.http': { options: { subscriptions: { kind: 'ws' } } } };

/** Refuses a query that costs more than `maxCost` by the `@cost` and `@listSize` of the subgraphs, if that is given. */
export function createFederatedGateway(
  supergraph: string,
  maxCost: number | null = null,
  transportEntries: TransportEntryAdditions = overEvents,
): GatewayRuntime {
  const demandControl = maxCost === null ? {} : { demandControl: { maxCost, includeExtensionMetadata: true } };
  return createGatewayRuntime({ supergraph, logging: false, landingPage: false, transportEntries, ...demandControl });
}
