//! The XML of pushes, read into a small tree.
//!
//! quick-xml reads the syntax and expands nothing by itself. What it leaves to its caller is done here: no DOCTYPE (and so
//! no entities but XML's five), one root and no text beside it, names and characters that XML allows, and limits on
//! depth, nodes and attributes. Names are case-sensitive: `AppId` and `appid` are two fields of one push.

use quick_xml::{
    Reader,
    escape::{resolve_predefined_entity, unescape},
    events::{BytesDecl, BytesRef, BytesStart, Event},
};

/// Deeper than any push of WeChat's, which end at five.
const DEPTH: usize = 16;
/// More elements than any push has.
const NODES: usize = 1000;
/// More tags, texts and references than any push has.
const EVENTS: usize = 10_000;
/// WeChat's have none.
const ATTRIBUTES: usize = 16;
/// Bytes of the longest value of an attribute.
const ATTRIBUTE: usize = 1024;

#[derive(Default)]
pub(super) struct Element {
    pub(super) name: String,
    /// What stands in it, if it has no children.
    pub(super) text: String,
    pub(super) children: Vec<Self>,
}

/// The root element, or what is wrong.
pub(super) fn parse(text: &str) -> Result<Element, &'static str> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if !text.chars().all(is_allowed) {
        return Err("the XML has characters that XML does not allow");
    }
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_comments = true;
    let mut tree = Tree::default();
    for at in 0..EVENTS {
        match reader.read_event().map_err(|_| BROKEN)? {
            Event::Start(start) => tree.open(&start)?,
            Event::Empty(start) => {
                tree.open(&start)?;
                tree.close()?;
            }
            Event::End(_) => tree.close()?,
            Event::Text(text) if text.contains("]]>") => return Err(BROKEN),
            Event::Text(text) => tree.text(&text.xml10_content())?,
            Event::CData(text) => tree.character_data(&text.xml10_content())?,
            Event::GeneralRef(reference) => tree.character_data(&resolve(&reference)?)?,
            Event::DocType(_) => return Err("the XML has a DOCTYPE: no push of WeChat's has"),
            Event::Decl(declaration) if at == 0 => check_declaration(&declaration)?,
            Event::Decl(_) => return Err(BROKEN),
            Event::Comment(_) => {}
            Event::PI(_) => {
                return Err("the XML has a processing instruction: no push of WeChat's has");
            }
            Event::Eof => return tree.root.filter(|_| tree.open.is_empty()).ok_or(BROKEN),
        }
    }
    Err(LARGE)
}

const LARGE: &str = "the XML is larger or deeper than any push";
const BROKEN: &str = "the XML is not well-formed";

#[derive(Default)]
struct Tree {
    /// From the root to the innermost element that is not closed yet.
    open: Vec<Element>,
    root: Option<Element>,
    nodes: usize,
}

impl Tree {
    fn open(&mut self, start: &BytesStart<'_>) -> Result<(), &'static str> {
        if self.root.is_some() {
            return Err(BROKEN);
        }
        self.nodes += 1;
        if self.nodes > NODES || self.open.len() == DEPTH {
            return Err(LARGE);
        }
        if self
            .open
            .last()
            .is_some_and(|parent| !parent.text.trim().is_empty())
        {
            return Err("the XML has text beside elements");
        }
        check_attributes(start)?;
        let name = start.name().into_inner();
        if !is_name(name) {
            return Err(BROKEN);
        }
        self.open.push(Element {
            name: name.to_owned(),
            ..Element::default()
        });
        Ok(())
    }

    fn close(&mut self) -> Result<(), &'static str> {
        let mut closed = self.open.pop().ok_or(BROKEN)?;
        if !closed.children.is_empty() {
            closed.text.clear();
        }
        match self.open.last_mut() {
            Some(parent) => parent.children.push(closed),
            None => self.root = Some(closed),
        }
        Ok(())
    }

    /// Text between tags, which beside elements may be white space alone.
    fn text(&mut self, text: &str) -> Result<(), &'static str> {
        if text.chars().all(|c| matches!(c, ' ' | '\t' | '\r' | '\n'))
            && self
                .open
                .last()
                .is_none_or(|parent| !parent.children.is_empty())
        {
            return Ok(());
        }
        self.character_data(text)
    }

    fn character_data(&mut self, text: &str) -> Result<(), &'static str> {
        let parent = self.open.last_mut().ok_or(BROKEN)?;
        if !parent.children.is_empty() {
            return Err("the XML has text beside elements");
        }
        parent.text.push_str(text);
        Ok(())
    }
}

/// `<?xml version="1.0" encoding="UTF-8"?>`, or without the encoding.
fn check_declaration(declaration: &BytesDecl<'_>) -> Result<(), &'static str> {
    let version = declaration.version().map_err(|_| BROKEN)?;
    let encoding = declaration.encoding().transpose().map_err(|_| BROKEN)?;
    let utf8 = encoding.is_none_or(|encoding| encoding.eq_ignore_ascii_case("utf-8"));
    if *version != *"1.0" || !utf8 {
        return Err("the XML is not of version 1.0 in UTF-8");
    }
    Ok(())
}

/// Attributes say nothing in a push, but they must be attributes, and few.
fn check_attributes(start: &BytesStart<'_>) -> Result<(), &'static str> {
    for (at, attribute) in start.attributes().enumerate() {
        let attribute = attribute.map_err(|_| BROKEN)?;
        if at == ATTRIBUTES || attribute.value.len() > ATTRIBUTE {
            return Err(LARGE);
        }
        let readable = unescape(&attribute.value).is_ok_and(|value| value.chars().all(is_allowed));
        if !readable || attribute.value.contains('<') || !is_name(attribute.key.into_inner()) {
            return Err(BROKEN);
        }
    }
    Ok(())
}

/// XML's five entities and character references; there are no others without a DOCTYPE.
fn resolve(reference: &BytesRef<'_>) -> Result<String, &'static str> {
    let undeclared = "the XML refers to an entity that XML does not have";
    match reference.resolve_char_ref() {
        Ok(Some(c)) if is_allowed(c) => Ok(c.to_string()),
        Ok(None) => resolve_predefined_entity(reference)
            .map(str::to_owned)
            .ok_or(undeclared),
        _ => Err(BROKEN),
    }
}

/// The characters of XML 1.0 (fifth edition, `Char`).
fn is_allowed(c: char) -> bool {
    !matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

/// A name, where every character beyond ASCII may stand anywhere in it: XML is stricter there, but WeChat uses none.
fn is_name(name: &str) -> bool {
    let starts = |c: char| c.is_ascii_alphabetic() || matches!(c, '_' | ':') || !c.is_ascii();
    name.starts_with(starts)
        && name
            .chars()
            .all(|c| starts(c) || c.is_ascii_digit() || matches!(c, '-' | '.'))
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn shown(element: &Element) -> String {
        match element.children.as_slice() {
            [] => format!("{}={}", element.name, element.text),
            children => format!(
                "{}({})",
                element.name,
                children.iter().map(shown).collect::<Vec<_>>().join(" ")
            ),
        }
    }

    #[test]
    fn documents_as_wechat_writes_them() {
        for (text, tree) in [
            (
                "<xml><AppId><![CDATA[wx1]]></AppId>\n<appid>wx2</appid><CreateTime>1</CreateTime></xml>",
                "xml(AppId=wx1 appid=wx2 CreateTime=1)",
            ),
            (
                "\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<!-- a --><xml a='1'>\r\n <b/>\r\n <c> d &amp;&lt;&gt;&quot;&apos;&#20013;&#x6587; </c>\r\n</xml>\r\n",
                "xml(b= c= d &<>\"'中文 )",
            ),
            (
                "<xml><a>x<![CDATA[<b>&amp;]]>y</a></xml>",
                "xml(a=x<b>&amp;y)",
            ),
            ("<xml><a> </a></xml>", "xml(a= )"),
            (
                "<xml><a><![CDATA[a]]]]><![CDATA[>b]]></a></xml>",
                "xml(a=a]]>b)",
            ),
            ("<xml>\n</xml>", "xml=\n"),
        ] {
            assert_eq!(shown(&parse(text).unwrap_or_default()), tree, "{text}");
        }
    }

    #[test]
    fn what_is_no_well_formed_push_is_refused() {
        for text in [
            "",
            " ",
            "x",
            "<xml>",
            "</xml>",
            "<xml></XML>",
            "<xml><a></xml></a>",
            "<xml/><xml/>",
            "<xml/>x",
            "x<xml/>",
            "<xml/>&amp;",
            "<xml/><![CDATA[x]]>",
            "<xml><![CDATA[x</xml>",
            "<xml>]]></xml>",
            "<xml><a>1</a>text</xml>",
            "<xml>text<a>1</a></xml>",
            "<xml>a & b</xml>",
            "<xml>&nbsp;</xml>",
            "<xml>&unknown;</xml>",
            "<xml>&#0;</xml>",
            "<xml>&#xD800;</xml>",
            "<xml>&#x110000;</xml>",
            "<xml>&#xFFFE;</xml>",
            "<xml>&#-1;</xml>",
            "<xml>&amp</xml>",
            "<xml>\u{1}</xml>",
            "<xml a=1/>",
            "<xml a='1' a='2'/>",
            "<xml a='<'/>",
            "<xml a/>",
            "<xml a='&'/>",
            "<xml a='&x;'/>",
            "<xml a='&#0;'/>",
            "<?xml?><xml/>",
            "<?xml version='1.1'?><xml/>",
            "<?xml version='1.0' encoding='GBK'?><xml/>",
            "<1xml/>",
            "< xml/>",
            "<xml><!-- a -- b --></xml>",
            "<xml><?php echo 1 ?></xml>",
            " <?xml version='1.0'?><xml/>",
            "<!DOCTYPE xml><xml/>",
            "<!doctype xml><xml/>",
            "<!DOCTYPE xml [<!ENTITY a \"b\">]><xml>&a;</xml>",
            "<!DOCTYPE xml SYSTEM \"file:///etc/passwd\"><xml/>",
            // The document's own sample of the push: <appid> is not closed.
            "<xml><AppId>a</AppId><appid>Appid Mini Program<appid><status>0</status></xml>",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_grows_is_cut_off() {
        let deep = "<a>".repeat(10_000);
        let wide = format!("<xml>{}</xml>", "<a/>".repeat(10_000));
        let attributes: String = (0..100_000).map(|n| format!(" a{n}=''")).collect();
        let attributes = format!("<xml{attributes}/>");
        for text in [&deep, &wide, &attributes] {
            assert!(parse(text).is_err());
        }
        let fits = format!("{}{}", "<a>".repeat(16), "</a>".repeat(16));
        assert!(parse(&fits).is_ok());
    }
}
