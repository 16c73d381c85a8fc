//! A line of a dialogue as text, or as a JSON object.

use super::dialogue::{Line, Said, Unreadable};
use super::recording::Side;
use super::redact::Privacy;
use crate::wire::Node;
use serde_json::{Map, Value, json as object};
use std::error::Error;
use std::fmt::Write as _;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use tradeport_kernel::Timestamp;

const MOMENT: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:6]Z");
/// What stands for what is not told.
const HIDDEN: &str = "***";
/// So many bytes of what is no message are shown.
const BYTES: usize = 64;

/// What a line says, apart from its form.
struct Told {
    side: Option<Side>,
    id: Option<i32>,
    name: &'static str,
    fields: Node,
}

/// One line of text: moment, connection, client, direction, name, fields.
#[must_use]
pub fn text(line: &Line, privacy: Privacy) -> String {
    let told = told(line, privacy);
    let client = line.client_id.map_or_else(|| "-".to_owned(), |id| id.to_string());
    let direction = match told.side {
        Some(Side::Client) => "->",
        Some(Side::Server) => "<-",
        None => "--",
    };
    let mut out =
        format!("{} #{} client {client} {direction} {}", moment(line.at), line.connection, told.name);
    if let Node::Group(fields) = told.fields {
        put_fields(&fields, " ", &mut out);
    }
    out
}

/// One JSON object: `at`, `connection`, `client_id`, `from`, `id`, `name`, `fields`. What is not told is `"***"`; infinity
/// is `"Infinity"`, since JSON has no number for it.
#[must_use]
pub fn json(line: &Line, privacy: Privacy) -> Value {
    let told = told(line, privacy);
    let from = told.side.map(|side| if side == Side::Client { "client" } else { "server" });
    object!({
        "at": line.at.to_string(),
        "connection": line.connection,
        "client_id": line.client_id,
        "from": from,
        "id": told.id,
        "name": told.name,
        "fields": value(told.fields),
    })
}

fn told(line: &Line, privacy: Privacy) -> Told {
    let event = |side, name, fields| Told { side, id: None, name, fields: Node::Group(fields) };
    let words = |name, text: &str| (!text.is_empty()).then(|| (name, Node::Text(text.to_owned())));
    match &line.said {
        Said::Connected => event(None, "connected", Vec::new()),
        Said::Opening(range) => {
            let versions = [("min", Node::Whole(range.min.into())), ("max", Node::Whole(range.max.into()))];
            let fields = versions.into_iter().chain(words("options", &range.options)).collect();
            event(Some(Side::Client), "versions", fields)
        }
        Said::Greeting(version, time) => {
            let version = ("version", Node::Whole((*version).into()));
            let fields = [version].into_iter().chain(words("time", time)).collect();
            event(Some(Side::Server), "version", fields)
        }
        Said::Request(it) => {
            Told { side: Some(Side::Client), id: Some(it.id()), name: it.name(), fields: privacy.request(it) }
        }
        Said::Answer(it) => {
            Told { side: Some(Side::Server), id: Some(it.id()), name: it.name(), fields: privacy.answer(it) }
        }
        Said::Unreadable(side, error) => {
            let fields =
                [("why", Node::Text(why(error, privacy)))].into_iter().chain(bytes(&line.frame, privacy));
            event(Some(*side), "unreadable", fields.collect())
        }
        Said::NoFrames(side, rest, error) => {
            let reason = error.as_ref().map(ToString::to_string);
            let reason = reason.unwrap_or_else(|| "no frame has become of this".to_owned());
            let fields = [("why", Node::Text(reason))].into_iter().chain(bytes(rest, privacy));
            event(Some(*side), "no_frame", fields.collect())
        }
        Said::Closed(side, reason) => {
            event(Some(*side), "closed", words("why", reason).into_iter().collect())
        }
    }
}

/// Causes quote what was found, so they are told only when everything is.
fn why(error: &Unreadable, privacy: Privacy) -> String {
    let mut text = error.to_string();
    let mut cause = error.source().filter(|_| privacy == Privacy::Told);
    while let Some(next) = cause {
        // A vector takes everything, and so does a string.
        write!(text, ": {next}").unwrap_or_default();
        cause = next.source();
    }
    text
}

fn bytes(found: &[u8], privacy: Privacy) -> [(&'static str, Node); 2] {
    let length = ("length", Node::Whole(i64::try_from(found.len()).unwrap_or(i64::MAX)));
    let shown = found.get(..BYTES).unwrap_or(found);
    let content = match privacy {
        Privacy::Told => Node::Text(String::from_utf8_lossy(shown).into_owned()),
        Privacy::Kept => Node::Hidden,
    };
    [length, ("bytes", content)]
}

fn moment(at: Timestamp) -> String {
    at.to_utc().format(MOMENT).unwrap_or_default()
}

fn put_fields(fields: &[(&'static str, Node)], between: &str, out: &mut String) {
    for (place, (name, node)) in fields.iter().enumerate() {
        out.push_str(if place == 0 && between.is_empty() { "" } else { " " });
        out.push_str(name);
        out.push('=');
        put(node, out);
    }
}

fn put(node: &Node, out: &mut String) {
    let written = match node {
        Node::Whole(it) => write!(out, "{it}"),
        Node::Double(it) => write!(out, "{it}"),
        Node::Flag(it) => write!(out, "{it}"),
        Node::Text(it) if is_plain(it) => write!(out, "{it}"),
        // With quotes and escapes: what came over the wire must not command a terminal.
        Node::Text(it) => write!(out, "{it:?}"),
        Node::Hidden => write!(out, "{HIDDEN}"),
        Node::List(entries) => {
            out.push('[');
            for (place, entry) in entries.iter().enumerate() {
                out.push_str(if place == 0 { "" } else { ", " });
                put(entry, out);
            }
            write!(out, "]")
        }
        Node::Group(fields) => {
            out.push('{');
            put_fields(fields, "", out);
            write!(out, "}}")
        }
    };
    // A string takes everything.
    written.unwrap_or_default();
}

fn is_plain(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-:/+@,".contains(&byte);
    !text.is_empty() && text.bytes().all(plain)
}

fn value(node: Node) -> Value {
    match node {
        Node::Whole(it) => it.into(),
        Node::Double(it) if it.is_finite() => it.into(),
        Node::Double(it) if it.is_nan() => "NaN".into(),
        Node::Double(it) => (if it > 0.0 { "Infinity" } else { "-Infinity" }).into(),
        Node::Flag(it) => it.into(),
        Node::Text(it) => it.into(),
        Node::Hidden => HIDDEN.into(),
        Node::List(entries) => entries.into_iter().map(value).collect(),
        Node::Group(fields) => {
            let fields = fields.into_iter().map(|(name, node)| (name.to_owned(), value(node)));
            Value::Object(fields.collect::<Map<_, _>>())
        }
    }
}
