// The half of `open` for hospitals: a getmedrealname reply, opened with the key that WeChat gave the hospital.
import { RealNameError } from '../error';
import { explain, operations, type MedicalRealName } from '../index_node';
import type { MerchantFlags } from './merchant_files';
import { MASKED, answer, date, fields, maskedName, maskedNumber, remark, say } from './output';
import { named } from './problem';
import { ENVIRONMENT, UsageError, fromEnvironment, textOf, type Text, type World } from './world';

export interface MedicalFlags {
  readonly medicalKeyFile?: string;
  readonly reveal?: boolean;
}

const OPTION = '--medical-key-file';

/** Whether a reply is a hospital's: what it holds says it; of a refusal, what was given to open it, or its number. */
export function isMedical(world: World, body: string, flags: MerchantFlags & MedicalFlags): boolean {
  const reply = fieldsOf(body);
  const hospitals = 'cipher_real_name' in reply;
  const merchants = Object.keys(reply).some((name) => /^encryp?ted_/.test(name));
  const ofMerchant = (['key', 'cert', 'p12', 'serial'] as const).find((name) => flags[name] !== undefined);
  const ofHospital = flags.medicalKeyFile !== undefined;
  if (ofMerchant !== undefined && (hospitals || ofHospital)) {
    throw new UsageError(`--${ofMerchant}`, hospitals ? NOT_THE_MERCHANTS : ONE_OF_THEM);
  }
  if (ofHospital && merchants) throw new UsageError(OPTION, NOT_THE_HOSPITALS);
  if (hospitals || ofHospital) return true;
  if (merchants || ofMerchant !== undefined) return false;
  const { errcode } = reply;
  const known = (of: string): boolean => Number.isSafeInteger(errcode) && explain(of, errcode as number).known;
  if (known('getMedicalRealName') !== known('getRealNameInfo')) return known('getMedicalRealName');
  const has = (name: 'medicalKey' | 'privateKey' | 'p12'): boolean => fromEnvironment(world, name) !== undefined;
  return has('medicalKey') && !has('privateKey') && !has('p12');
}

const NOT_THE_MERCHANTS: Text = {
  zh: `这是 getmedrealname 的回复，不是用商户私钥解的：请去掉商户的选项，用 ${OPTION}（或 ${ENVIRONMENT.medicalKey}）给出医院的密钥`,
  en: `this is a getmedrealname reply, and no merchant’s key opens it: leave the merchant’s options out and give the hospital’s key, as ${OPTION} or ${ENVIRONMENT.medicalKey}`,
};

const NOT_THE_HOSPITALS: Text = {
  zh: `这是 getrealnameinfo 的回复，不是用医院的密钥解的：请改用 --key 或 --p12 给出商户私钥`,
  en: `this is a getrealnameinfo reply, and no hospital’s key opens it: give the merchant’s, as --key or --p12`,
};

const ONE_OF_THEM: Text = {
  zh: `与 ${OPTION} 属于不同的接口，只能给一个：商户私钥解 getrealnameinfo，医院的密钥解 getmedrealname`,
  en: `and ${OPTION} are of different interfaces, so give one: the merchant’s key opens getrealnameinfo, the hospital’s getmedrealname`,
};

/** Opens the reply. Its own `key_version`, mini program and user are what was asked for: nothing else is known of them here. */
export async function openMedical(world: World, body: string, flags: MedicalFlags): Promise<void> {
  const { cipher_real_name: ciphertext, key_version: version, app_id: appId, open_id: openid } = fieldsOf(body);
  const keyVersion = isVersion(version) ? version : 0;
  // A refusal is read without a key.
  const medicalKeys = { [keyVersion]: ciphertext === undefined ? NO_KEY : await keyOf(world, flags) };
  const params = { openid: textIn(openid), wxmedAuthcode: 'none' };
  const context = { accessToken: 'none', appId: textIn(appId), medicalKeys };
  const names = { medicalKeys: flags.medicalKeyFile === undefined ? ENVIRONMENT.medicalKey : OPTION };
  try {
    const patient = named(names, () => operations.getMedicalRealName(params, context).interpret({ status: 200, body }));
    tellOf(world, patient, keyVersion, flags.reveal === true);
  } catch (error) {
    // The wrong version's is a likely one.
    if (error instanceof RealNameError && error.code === 'DECRYPTION_FAILED') {
      remark(world, {
        zh: `这个回复是用 key_version ${keyVersion} 的密钥加密的`,
        en: `this reply is encrypted under the key of key_version ${keyVersion}`,
      });
    }
    throw error;
  }
}

function tellOf(world: World, patient: MedicalRealName, keyVersion: number, reveal: boolean): void {
  const { realName, idCardNo, phone } = patient;
  const shown: MedicalRealName = reveal
    ? patient
    : {
        ...patient,
        realName: maskedName(realName),
        idCardNo: maskedNumber(idCardNo),
        ...(phone !== undefined && { phone: maskedNumber(phone) }),
      };
  const { idCardType, phoneCountryCode, timestamp } = shown;
  const kind = KINDS[idCardType];
  const country = phoneCountryCode === undefined ? '' : `+${phoneCountryCode} `;
  answer(world, { ...shown, keyVersion, masked: !reveal }, () =>
    fields(world, [
      [{ zh: '姓名', en: 'name' }, shown.realName],
      [{ zh: '证件号', en: 'number' }, shown.idCardNo],
      [{ zh: '证件类型', en: 'document' }, kind === undefined ? idCardType : `${idCardType} ${say(world, kind)}`],
      [{ zh: '手机号', en: 'telephone' }, shown.phone === undefined ? undefined : `${country}${shown.phone}`],
      [{ zh: '数据时间', en: 'as of' }, date(timestamp)],
      [{ zh: '密钥版本', en: 'key version' }, keyVersion],
    ]),
  );
  if (!reveal) remark(world, MASKED);
}

/** WeChat's numbers of documents. */
const KINDS: Readonly<Record<number, Text>> = {
  1: { zh: '居民身份证', en: 'ID card' },
  4: { zh: '港澳居民来往内地通行证（澳门）', en: 'travel permit, Macao' },
  5: { zh: '台湾居民来往大陆通行证', en: 'travel permit, Taiwan' },
  6: { zh: '港澳居民来往内地通行证（香港）', en: 'travel permit, Hong Kong' },
};

/** As it stands in its file, but for the white space around it. */
async function keyOf(world: World, { medicalKeyFile }: MedicalFlags): Promise<string> {
  if (medicalKeyFile !== undefined) return textOf(await world.read(medicalKeyFile, OPTION)).trim();
  const inEnvironment = fromEnvironment(world, 'medicalKey');
  if (inEnvironment !== undefined) return inEnvironment;
  throw new UsageError(OPTION, {
    zh: `这是 getmedrealname 的回复，缺少医院的密钥：把微信给的 32 个字符存成文件，用 ${OPTION} 给出，或设置 ${ENVIRONMENT.medicalKey}`,
    en: `is missing, and this is a getmedrealname reply: put the 32 characters that WeChat gave the hospital into a file and name it here, or set ${ENVIRONMENT.medicalKey}`,
  });
}

/** No hospital's. */
const NO_KEY = '0'.repeat(32);

const isVersion = (value: unknown): value is number => typeof value === 'number' && value >>> 0 === value;

/** What a reply leaves out is not compared. */
const textIn = (value: unknown): string => (typeof value === 'string' && value !== '' ? value : 'none');

/** The fields of a reply; none where it is no object of JSON. */
function fieldsOf(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
