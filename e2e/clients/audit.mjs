// Runs the public GraphQL-over-HTTP audits; prints each that does not pass.
import { auditServer } from 'graphql-http';

const results = await auditServer({ url: `${process.argv[2]}/graphql` });
let passed = 0;
for (const result of results) {
  if (result.status === 'ok') passed++;
  else console.log(`${result.status}: ${result.id} ${result.name}: ${result.reason}`);
}
console.log(`${passed} of ${results.length} audits pass`);
process.exit(passed === results.length ? 0 : 1);
