// The package's own cold start as an ES module; the rest is in cold.cjs.
import fs from 'node:fs';
import { openMerchant, operations } from 'wechat-realname';

const { KEY, SERIAL: certSerialNo, TIMESTAMP, ENGINE: engine } = process.env;
const merchant = openMerchant({ mchId: '1900006511', privateKey: fs.readFileSync(KEY, 'utf8'), certSerialNo, engine });
const { request } = operations.getRealNameInfo({ authToken: 'a' }, { accessToken: 't', merchant, now: Number(TIMESTAMP) });
fs.writeSync(1, `${request.body}\n${process.hrtime.bigint()}`);
