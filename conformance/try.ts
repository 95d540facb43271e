import { readFileSync } from 'node:fs';
import { composeServices } from '@apollo/composition';
import { composeServices as guild } from '@theguild/federation-composition';
import { parse } from 'graphql';
const sessions = readFileSync('../schema.graphql','utf8');
const people = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@interfaceObject", "@shareable"])
type Query { people: [User!]! person(id: ID!): User tickets: [Ticket!]! ticket(id: ID!): Ticket }
type User @key(fields: "id") { id: ID! name: String! tickets: [Ticket!]! }
type Ticket @key(fields: "id") { id: ID! title: String! reporter: User! session: Session }
type Session @key(fields: "id") @interfaceObject { id: ID! costCenter: String! tickets: [Ticket!]! }
`;
const services=[{name:'sessions',url:'http://127.0.0.1:1',typeDefs:parse(sessions)},{name:'people-and-tickets',url:'http://127.0.0.1:2',typeDefs:parse(people)}];
const a = composeServices(services);
console.log('apollo', a.errors?.map(e=>e.message), a.hints?.map(h=>h.definition.code+' '+h.message));
const g = guild(services.map(s=>({name:s.name,url:s.url,typeDefs:s.typeDefs})));
console.log('guild', (g as any).errors?.map((e:any)=>e.message), Object.keys(g), (g as any).hints);
