//! What WeChat says beyond what this library knows: kept as it came.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};

/// Fields by name, as WeChat spells them; texts, numbers, lists and fields of fields.
///
/// Two things are not as they came, because JavaScript could not hold them safely: a field of the name `__proto__` is left
/// out, and a whole number beyond ±2⁵³ is its digits as a text
/// (up to 2⁶⁴). They may hold a person's data, so `Debug` shows the names
/// alone.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct Fields(
    #[serde(deserialize_with = "sanitized")]
    #[cfg_attr(feature = "types", ts(type = "Record<string, unknown>"))]
    BTreeMap<String, Value>,
);

impl Fields {
    /// The field of this name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Takes the field out.
    pub(crate) fn take(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name)
    }

    /// Adds a field; several of one name become a list.
    pub(crate) fn add(&mut self, name: &str, value: Value) {
        if name == PROTOTYPE {
            return;
        }
        match self.0.get_mut(name) {
            None => {
                self.0.insert(name.to_owned(), value);
            }
            Some(Value::Array(list)) => list.push(value),
            Some(one) => *one = Value::Array(vec![one.take(), value]),
        }
    }

    /// These fields as the value of another.
    pub(crate) fn into_value(self) -> Value {
        Value::Object(self.0.into_iter().collect())
    }
}

impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// The name under which JavaScript objects keep what they inherit.
const PROTOTYPE: &str = "__proto__";
/// The last whole number before which JavaScript skips none.
const LAST_WHOLE: u64 = (1 << 53) - 1;

fn sanitized<'de, D>(deserializer: D) -> Result<BTreeMap<String, Value>, D::Error>
where
    D: serde::Deserializer<'de>,
{
    let mut fields = BTreeMap::<String, Value>::deserialize(deserializer)?;
    fields.remove(PROTOTYPE);
    fields.values_mut().for_each(sanitize);
    Ok(fields)
}

fn sanitize(value: &mut Value) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(sanitize),
        Value::Object(fields) => {
            fields.remove(PROTOTYPE);
            fields.values_mut().for_each(sanitize);
        }
        Value::Number(number) => {
            if let Some(digits) = digits(number).filter(|_| !is_exact(number)) {
                *value = Value::String(digits);
            }
        }
        _ => {}
    }
}

/// A whole number written out; nothing for others.
pub(crate) fn digits(number: &Number) -> Option<String> {
    let negative = number.as_i64().map(|number| number.to_string());
    negative.or_else(|| number.as_u64().map(|number| number.to_string()))
}

fn is_exact(number: &Number) -> bool {
    let size = number
        .as_i64()
        .map(i64::unsigned_abs)
        .or_else(|| number.as_u64());
    size.is_some_and(|size| size <= LAST_WHOLE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_javascript_cannot_hold_is_left_out_or_written_out() {
        let fields: Fields = serde_json::from_str(
            r#"{"__proto__":{"polluted":1},"a":{"__proto__":[],"b":[9007199254740993,-9007199254740993,1.5]},"n":7}"#,
        )
        .unwrap();
        assert_eq!(
            serde_json::to_string(&fields).unwrap(),
            r#"{"a":{"b":["9007199254740993","-9007199254740993",1.5]},"n":7}"#
        );
    }

    #[test]
    fn debug_shows_names_alone() {
        let mut fields = Fields::default();
        fields.add("name", Value::from("张三"));
        fields.add("name", Value::from("李四"));
        fields.add("__proto__", Value::from("x"));
        assert_eq!(format!("{fields:?}"), "{\"name\"}");
        assert_eq!(
            fields.get("name"),
            Some(&serde_json::json!(["张三", "李四"]))
        );
    }
}
