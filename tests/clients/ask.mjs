// Asks as users of Comunica and of sparql-http-client do: a request in JSON comes in, the answer in JSON goes out.
import { QueryEngine } from '@comunica/query-sparql';
import { Readable } from 'node:stream';
import ParsingClient from 'sparql-http-client/ParsingClient.js';
import StreamClient from 'sparql-http-client/StreamClient.js';

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const { client, kind, query, sources, endpoint, store, token, destination } = JSON.parse(Buffer.concat(chunks));
const headers = token ? { Authorization: `Bearer ${token}` } : {};

const plain = (row) => Object.fromEntries([...row].map(([name, term]) => [name.value ?? name, term.value]));
const line = (quad) => [quad.subject, quad.predicate, quad.object, quad.graph].map((term) => term.value);

async function comunica() {
  const engine = new QueryEngine();
  const context = { sources, destination, fetch: (input, init) => fetch(input, withHeaders(init)) };
  if (kind === 'select') return (await (await engine.queryBindings(query, context)).toArray()).map(plain);
  if (kind === 'ask') return engine.queryBoolean(query, context);
  if (kind === 'construct') return (await (await engine.queryQuads(query, context)).toArray()).map(line);
  return (await engine.queryVoid(query, context)) ?? 'done';
}

async function parsing() {
  const sparql = new ParsingClient({ endpointUrl: endpoint, updateUrl: endpoint, storeUrl: store, headers });
  if (kind === 'select') return (await sparql.query.select(query)).map((row) => plain(Object.entries(row)));
  if (kind === 'ask') return sparql.query.ask(query);
  if (kind === 'construct') return [...(await sparql.query.construct(query))].map(line);
  const files = new StreamClient({ endpointUrl: endpoint, storeUrl: store, headers });
  const graph = sparql.factory.namedNode(destination);
  if (kind === 'get') return (await Array.fromAsync(files.store.get(graph))).map(line);
  if (kind === 'put') return (await files.store.put(Readable.from(await sparql.query.construct(query)), { graph })) ?? 'done';
  return (await sparql.query.update(query)) ?? 'done';
}

function withHeaders(init) {
  const all = new Headers(init?.headers);
  for (const [name, value] of Object.entries(headers)) all.set(name, value);
  return { ...init, headers: all };
}

console.log(JSON.stringify(client === 'comunica' ? await comunica() : await parsing()));
