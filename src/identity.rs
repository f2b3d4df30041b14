//! Numbers that people type: the mainland ID card's (GB 11643), and the three of companies (GB 32100, GB 11714, and the
//! business licence number).
//!
//! Advice for forms: a right number is not yet anybody's, and what WeChat answers is what counts.
//!
//! ```
//! use wechat_realname::identity::{IdCardFault, Sex, check_id_card};
//!
//! let card = check_id_card("11010519491231002x")?;
//! assert_eq!((card.number(), card.sex()), ("11010519491231002X", Sex::Female));
//! assert_eq!(card.province().map(|province| province.en), Some("Beijing"));
//! assert_eq!(check_id_card("110105194912310021"), Err(IdCardFault::CheckCharacter));
//! # Ok::<(), IdCardFault>(())
//! ```

mod area;
mod company;
mod id_card;

#[cfg(feature = "types")]
pub(crate) use area::PROVINCES;
pub use area::Province;
pub use company::{CompanyCode, CompanyCodeFault, CompanyCodeKind, check_credit_code};
pub(crate) use company::{is_credit_code, is_licence_number, organisation_code};
pub(crate) use id_card::is_id_card;
pub use id_card::{BirthDate, IdCard, IdCardFault, Sex, check_id_card};
