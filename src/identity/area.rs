//! The first two digits of an area (GB/T 2260).

/// A province, an autonomous region, a municipality or a special administrative region.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Province {
    /// The first two digits of the area.
    pub code: u32,
    /// In Chinese.
    pub zh: &'static str,
    /// In English.
    pub en: &'static str,
}

const fn province(code: u32, zh: &'static str, en: &'static str) -> Province {
    Province { code, zh, en }
}

pub(super) fn find(code: u32) -> Option<&'static Province> {
    PROVINCES.iter().find(|province| province.code == code)
}

/// Those of whose people a number tells. Not in it: numbers of foreigners' permanent residence cards, which begin with 9.
pub(crate) const PROVINCES: &[Province] = &[
    province(11, "北京市", "Beijing"),
    province(12, "天津市", "Tianjin"),
    province(13, "河北省", "Hebei"),
    province(14, "山西省", "Shanxi"),
    province(15, "内蒙古自治区", "Inner Mongolia"),
    province(21, "辽宁省", "Liaoning"),
    province(22, "吉林省", "Jilin"),
    province(23, "黑龙江省", "Heilongjiang"),
    province(31, "上海市", "Shanghai"),
    province(32, "江苏省", "Jiangsu"),
    province(33, "浙江省", "Zhejiang"),
    province(34, "安徽省", "Anhui"),
    province(35, "福建省", "Fujian"),
    province(36, "江西省", "Jiangxi"),
    province(37, "山东省", "Shandong"),
    province(41, "河南省", "Henan"),
    province(42, "湖北省", "Hubei"),
    province(43, "湖南省", "Hunan"),
    province(44, "广东省", "Guangdong"),
    province(45, "广西壮族自治区", "Guangxi"),
    province(46, "海南省", "Hainan"),
    province(50, "重庆市", "Chongqing"),
    province(51, "四川省", "Sichuan"),
    province(52, "贵州省", "Guizhou"),
    province(53, "云南省", "Yunnan"),
    province(54, "西藏自治区", "Tibet"),
    province(61, "陕西省", "Shaanxi"),
    province(62, "甘肃省", "Gansu"),
    province(63, "青海省", "Qinghai"),
    province(64, "宁夏回族自治区", "Ningxia"),
    province(65, "新疆维吾尔自治区", "Xinjiang"),
    province(71, "台湾省", "Taiwan"),
    // As residence permits for people from there have them.
    province(81, "香港特别行政区", "Hong Kong"),
    province(82, "澳门特别行政区", "Macao"),
    province(83, "台湾省", "Taiwan"),
];
