// What is wrong with a form of name and ID number, before the user is sent anywhere.
const { checkIdCard } = require('wechat-realname/miniprogram');

const FAULTS = {
  length: '身份证号应为 18 位',
  characters: '身份证号只含数字，末位可为 X',
  birth_date: '身份证号中的出生日期有误',
  check_character: '身份证号有误，请核对',
  historic: '请填写 18 位身份证号（15 位的旧证已停用）',
};

module.exports = {
  /** What is to be sent, and `fault`, what to tell the user; none where both can be right. */
  filledIn({ realName, credId }) {
    const name = realName.trim();
    const number = credId.trim().toUpperCase();
    const { valid, reason } = checkIdCard(number);
    const fault = name ? !valid && (FAULTS[reason] ?? FAULTS.check_character) : '请填写姓名';
    return { name, number, fault };
  },
};
