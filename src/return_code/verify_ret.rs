//! `verify_ret` of `queryverifyinfo`: how a face verification went.
//!
//! `queryVerifyInfo` makes its advice of the remedies, so they are in the core module: short ones.
//!
//! Only 10000, with `errcode` 0, is a pass. Where WeChat's table has one line for many numbers, so has this one.

use super::{
    Action::{ApplyForPermission, AskUserAgain, FixRequest, Retry, Stop, Wait},
    Text,
    Who::{Developer, EndUser, Nobody, Operator},
    entry::{Entry, code, state},
};

pub(crate) const ENTRIES: &[Entry] = &[
    state(10000, Nobody)
        .means("识别成功", "recognised")
        .remedy(
            "errcode 为 0 且 verify_ret 为 10000 才算通过：把结论记在该用户名下，前端的回调不作数。",
            "Passed, if errcode is 0 too. Keep that under the user; what the front end reports counts for nothing.",
        ),
    code(10001, FixRequest, Developer)
        .means("参数错误", "a parameter is wrong")
        .remedy(CHECK_CALL.zh, CHECK_CALL.en),
    not_this_person(10002).means("人脸特征检测失败", "no features of a face were found"),
    not_this_person(10003).means("身份证号不匹配", "the ID number does not match"),
    not_this_person(10004).means("人脸不匹配", "the face does not match"),
    code(10005, Wait, Nobody)
        .means("正在核验中", "being checked")
        .remedy(ASK_LATER.zh, ASK_LATER.en),
    code(10006, ApplyForPermission, Operator)
        .means("没有权限", "no permission")
        .remedy(
            "请管理员在 mp.weixin.qq.com 确认已开通微信人脸核身（按类目开放），且小程序的类目仍然有效。",
            "An administrator looks in the console (mp.weixin.qq.com) whether face verification is granted (it goes by category) and the category still holds.",
        ),
    failed(10007),
    failed(10008),
    try_again(10010),
    not_this_person(10012).means("人脸比对失败", "the comparison of the faces failed"),
    failed(10013),
    failed(10014),
    failed(10015),
    failed(10016),
    code(10017, FixRequest, Developer)
        .means("标识非法", "an id is illegal")
        .remedy(CHECK_CALL.zh, CHECK_CALL.en),
    elsewhere(10018).means("没有该用户的信息", "there is no information of this user"),
    too_many(10020),
    code(10021, Retry, Developer)
        .means("重复请求", "a repeated request")
        .remedy(
            "它本身不代表通过。查询更早那次的结果；没有的话，用新的 out_seq_no 重新发起一次核身。",
            "By itself it is no pass. Look at the result of the earlier one; if there is none, begin a new verification with a new out_seq_no.",
        ),
    elsewhere(10026).means("权威数据源中没有该信息", "it is not in the authoritative source"),
    too_many(10029),
    code(10040, FixRequest, Developer)
        .means("编码错误", "the encoding is wrong")
        .remedy(
            "姓名等字段须以 UTF-8 发送；cert_hash 按 UTF-8 文本的标准 Base64 计算。",
            "Send name and the rest in UTF-8; cert_hash is made of the standard base64 of the UTF-8 texts.",
        ),
    code(10041, FixRequest, Developer)
        .means("用户非法", "the user is illegal")
        .remedy(
            "确认 openid 属于这个小程序，前端做人脸核身的与 getVerifyId 时的是同一个微信用户。",
            "Check that the openid is of this mini program, and that the user whose face is checked is the one of getVerifyId.",
        ),
    too_many(10042),
    failed(10045),
    too_many(10052),
    code(10300, Wait, EndUser)
        .means("核身尚未完成", "not finished yet")
        .remedy(ASK_LATER.zh, ASK_LATER.en),
    unsupported(90001),
    cancelled(90002),
    cancelled(90003),
    cancelled(90004),
    cancelled(90005),
    cancelled(90006),
    network(90007).means("网络错误", "a network error"),
    permission(90008).means("没有摄像头权限", "the camera is not permitted"),
    permission(90009).means("没有麦克风权限", "the microphone is not permitted"),
    permission(90010).means("没有摄像头和麦克风权限", "camera and microphone are not permitted"),
    try_again(90011),
    network(90012).means("上传失败", "the upload failed"),
    try_again(90013),
    try_again(90014),
    try_again(90017),
    failed(90018),
    network(90104).means("配置获取失败", "the configuration could not be fetched"),
    network(90105).means("确认信息获取失败", "the confirmation could not be fetched"),
    try_again(90106),
    try_again(90107),
    unsupported(90109),
    network(90110).means("用户协议获取失败", "the agreement could not be fetched"),
    failed(90199),
];

const CHECK_CALL: Text = Text {
    zh: "核对 verify_id、out_seq_no、openid、cert_hash 是同一次核身的，且都没有被截断或改写；再用新的 out_seq_no 重新发起。",
    en: "Check that verify_id, out_seq_no, openid and cert_hash are of one verification and unchanged; then begin a new one with a new out_seq_no.",
};

const ASK_LATER: Text = Text {
    zh: "还没有结论，不算通过。过几秒再查询，最多查到 verify_id 过期（1 小时）；用户没有做完就离开的，请其重新开始。",
    en: "That is no pass and no refusal. Ask again in some seconds, at most until verify_id expires (an hour); a user who left before the end begins anew.",
};

const fn not_this_person(number: i32) -> Entry {
    code(number, Stop, EndUser).remedy(
        "不是本人，或姓名、身份证号填错：请用户核对后由本人重做一次；仍不通过，改用人工或其他方式核验。",
        "Not this person, or a wrong name or ID number: let the user check both and try once more in person; after that, another way of identifying.",
    )
}

const fn elsewhere(number: i32) -> Entry {
    code(number, Stop, EndUser).remedy(
        "再试通常也不会通过：请用户核对姓名和身份证号（只支持大陆第二代居民身份证），无误则改用人工或其他方式核验。",
        "Trying again hardly helps: let the user check name and number (mainland ID cards of the second generation alone), and if they are right, offer another way of identifying.",
    )
}

const fn failed(number: i32) -> Entry {
    code(number, Retry, EndUser)
        .means("微信侧系统失败", "a failure in WeChat's system")
        .remedy(
            "用新的 out_seq_no 重新调用 getVerifyId，请用户再做一次；一再出现时，把 verify_id 和 rid 提供给微信客服。",
            "Call getVerifyId with a new out_seq_no and let the user try again; if it comes again and again, give WeChat's support verify_id and rid.",
        )
}

const fn too_many(number: i32) -> Entry {
    code(number, Wait, Nobody)
        .means("超时，或请求过多", "a timeout, or too many requests")
        .remedy(
            "过几分钟再试；请求集中时在自己这边限速。仍不行，用新的 out_seq_no 重新发起。",
            "Try again in some minutes, and slow your calls down where they come in bursts. If it stays, begin anew with a new out_seq_no.",
        )
}

const fn cancelled(number: i32) -> Entry {
    code(number, AskUserAgain, EndUser)
        .means("用户取消了核身", "the user cancelled")
        .remedy(
            "不要自动重来：给用户一个“重新核身”的按钮，由其自己决定，并说明为什么需要。",
            "Do not start over by yourself: offer a button to try again, and say why it is needed.",
        )
}

const fn unsupported(number: i32) -> Entry {
    code(number, Stop, EndUser)
        .means("设备不支持人脸检测", "the device does not support face detection")
        .remedy(
            "请用户换一部手机或升级微信；同时提供人工或其他核验方式。事先可用 wx.checkIsSupportFacialRecognition 检查。",
            "Let the user take another phone or update WeChat, and offer another way of identifying. wx.checkIsSupportFacialRecognition tells beforehand.",
        )
}

const fn permission(number: i32) -> Entry {
    code(number, AskUserAgain, EndUser).remedy(
        "请用户在手机系统设置里允许微信使用摄像头和麦克风，并在小程序右上角「… › 设置」中打开，然后重试。",
        "Let the user permit WeChat camera and microphone in the phone's settings, and the mini program in its own (… › Settings), then try again.",
    )
}

const fn network(number: i32) -> Entry {
    code(number, AskUserAgain, EndUser).remedy(
        "请用户检查网络（换到 Wi-Fi 或移动数据），再试一次。",
        "Let the user look at the connection (Wi-Fi or mobile data) and try again.",
    )
}

const fn try_again(number: i32) -> Entry {
    code(number, AskUserAgain, EndUser)
        .means(
            "人脸采集未成功（数据无效、超时、摄像头失败或照片质量差）",
            "the face was not captured: data invalid, timeout, camera failed or poor photo",
        )
        .remedy(
            "请用户在光线充足处正对屏幕，摘下口罩和帽子，关闭其他占用摄像头的应用，再试一次。",
            "Let the user face the screen in good light, without mask or hat and with no other app using the camera, and try again.",
        )
}
