import { serve } from '@hono/node-server';
import { appOf } from './app.mjs';

const { PORT = '3000' } = process.env;
serve({ fetch: appOf(process.env).fetch, port: Number(PORT) }, ({ port }) => console.log(`listening on ${port}`));
