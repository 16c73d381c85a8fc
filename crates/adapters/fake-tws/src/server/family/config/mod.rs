//! The server's own settings, read and changed by clients.
//!
//! | request | answer |
//! | --- | --- |
//! | 108 | 110: all settings |
//! | 109 | 111: what has changed; or what is wrong; or what must be accepted first, and then nothing has changed |
//!
//! Real to the letter, with little effect: they are kept, told and checked, and whoever asks for the order sequence to
//! begin anew gets that. The rest of the server does what it does whatever they say.

mod document;
mod merge;

pub(crate) use document::Document;

use crate::server::context::Context;
use crate::server::settings::ServerSettings;
use crate::wire::proto::{
    ConfigRequest, ConfigResponse, UpdateConfigRequest, UpdateConfigResponse, UpdateConfigWarning,
};

/// What is kept for all connections: the settings, once somebody has changed them.
#[derive(Debug, Default)]
pub(crate) struct Config(Option<Document>);

impl Config {
    fn document(&self, settings: &ServerSettings) -> Document {
        self.0.clone().unwrap_or_else(|| Document::new(settings))
    }
}

/// All settings.
pub(crate) fn read(context: &mut Context<'_>, request: &ConfigRequest) {
    let document = context.shared.config.document(context.settings);
    context.say(ConfigResponse {
        req_id: request.req_id,
        lock_and_exit: Some(document.lock_and_exit),
        messages: document.messages,
        api: Some(document.api),
        orders: Some(document.orders),
    });
}

/// Changes settings: all that are named, or none.
pub(crate) fn update(context: &mut Context<'_>, request: &UpdateConfigRequest) {
    let old = context.shared.config.document(context.settings);
    let mut new = old.clone();
    let mut changed = merge::merge(&mut new, request);
    let errors = merge::errors(&old, request);
    let accepted: Vec<i32> = request.accepted_warnings.iter().filter_map(|it| it.message_id).collect();
    let warnings = merge::warnings(&old, &new).into_iter();
    let warnings: Vec<UpdateConfigWarning> =
        warnings.filter(|it| it.message_id.is_none_or(|id| !accepted.contains(&id))).collect();
    let (status, message) = match (errors.as_slice(), warnings.as_slice()) {
        ([], []) => ("Success", "The settings are changed"),
        ([], _) => ("Warning", "The settings are not changed: the warnings must be accepted first"),
        _ => ("Error", "The settings are not changed"),
    };
    if status == "Success" {
        context.shared.config.0 = Some(new);
        if request.reset_api_order_sequence == Some(true) {
            context.shared.connection.next_order_id = 1;
            changed.push("resetAPIOrderSequence".to_owned());
        }
    } else {
        changed.clear();
    }
    context.say(UpdateConfigResponse {
        req_id: request.req_id,
        status: Some(status.to_owned()),
        message: Some(message.to_owned()),
        changed_fields: changed,
        errors,
        warnings,
    });
}

#[cfg(test)]
mod tests;
