//! What is private in a message: accounts, what orders ask for, what was executed, balances.
//!
//! A list says what may be told, not what must not: a field that nobody thought of stays hidden.

use super::open_messages;
use crate::wire::{Answer, Node, Request};

/// Whether what is private is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Privacy {
    /// It is hidden.
    #[default]
    Kept,
    /// It is told.
    Told,
}

/// Fields that say nothing private wherever they stand: which message this is about, which contract, which kind.
const TOLD: &[&str] = &[
    "req_id",
    "order_id",
    "parent_id",
    "client_id",
    "id",
    "error_code",
    "error_time",
    "status",
    "order_type",
    "tif",
    "what_if",
    "transmit",
    "key",
    "tag",
    "fa_data_type",
    "con_id",
    "symbol",
    "sec_type",
    "last_trade_date_or_contract_month",
    "last_trade_date",
    "strike",
    "right",
    "multiplier",
    "exchange",
    "primary_exch",
    "currency",
    "local_symbol",
    "trading_class",
];

/// Errors whose text is about markets, contracts and links; the text of any other may quote an account or an order.
const ERRORS_TOLD: &[i32] = &[
    100, 101, 162, 165, 200, 300, 309, 310, 317, 326, 354, 365, 366, 385, 386, 420, 502, 503, 504, 507, 1100,
    1101, 1102, 1300, 10089, 10090, 10092, 10167, 10172, 10187, 10189, 10190, 10282, 10299, 10309, 10314,
    10339, 10358,
];
/// The notices about farms, and their kin.
const NOTICES: std::ops::RangeInclusive<i32> = 2_100..=2_169;

impl Privacy {
    /// A request's fields, as far as they are told.
    #[must_use]
    pub fn request(self, request: &Request) -> Node {
        let open = self == Self::Told || open_messages::REQUESTS.contains(&request.id());
        cleared(request.node(), open)
    }

    /// An answer's fields, as far as they are told.
    #[must_use]
    pub fn answer(self, answer: &Answer) -> Node {
        let open = match answer {
            _ if self == Self::Told => true,
            Answer::ErrorMessage(error) => {
                let code = error.error_code.unwrap_or_default();
                (ERRORS_TOLD.contains(&code) || NOTICES.contains(&code))
                    && error.advanced_order_reject_json.is_none()
            }
            other => open_messages::ANSWERS.contains(&other.id()),
        };
        cleared(answer.node(), open)
    }
}

fn cleared(node: Node, open: bool) -> Node {
    if open { node } else { hide(node, false) }
}

fn hide(node: Node, told: bool) -> Node {
    match node {
        Node::Group(fields) => {
            let hide = |(name, node)| (name, hide(node, TOLD.contains(&name)));
            Node::Group(fields.into_iter().map(hide).collect())
        }
        // How many there are says something, too.
        Node::List(_) => Node::Hidden,
        node if told => node,
        _ => Node::Hidden,
    }
}

#[cfg(test)]
mod tests;
