// postgres-meta on a loopback port of the system's choice, which is printed; it ends with standard input.
import { createServer } from 'node:http';
import CryptoJS from 'crypto-js';
import { build } from '@supabase/postgres-meta/dist/server/app.js';
import { CRYPTO_KEY } from '@supabase/postgres-meta/dist/server/constants.js';

const app = build({
  serverFactory: (handler) =>
    createServer((request, response) => {
      // It takes the connection string encrypted, as the dashboard's back end sends it.
      const { headers } = request;
      headers['x-connection-encrypted'] = CryptoJS.AES.encrypt(headers['x-connection'], CRYPTO_KEY).toString();
      handler(request, response);
    }),
});
await app.listen({ host: '127.0.0.1', port: 0 });
console.log(app.server.address().port);
process.stdin.on('end', () => process.exit()).resume();
