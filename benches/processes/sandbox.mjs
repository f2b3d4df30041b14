// The sandbox in a process of its own, so that its work is not the client's.
import { startSandbox } from 'wechat-realname/sandbox';

process.once('disconnect', () => process.exit());
const { baseUrl, accessToken, merchant, addPerson } = await startSandbox();
const { authToken } = addPerson({ realName: '张三', credentialId: '11010519491231002X' });
process.send({ baseUrl, accessToken, merchant, authToken });
