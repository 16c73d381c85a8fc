//! What advisors keep of their clients' accounts: groups, how orders are shared out in them, and aliases.
//!
//! | request | answer |
//! | --- | --- |
//! | 18 | 16: the groups (type 1) or the aliases (type 3) |
//! | 19 | 103 when they are taken; 321 with the reason when not |
//!
//! Only who has several accounts is an advisor; everybody else is told so. Profiles (type 2) are withdrawn: what they
//! said has its place in the groups.

mod documents;

pub(crate) use documents::Group;

use crate::server::context::Context;
use crate::server::error::{ApiError, Code, NO_REQUEST};
use crate::wire::proto::{FaReplace, FaRequest, ReceiveFa, ReplaceFaEnd};

const GROUPS: i32 = 1;
const PROFILES: i32 = 2;
const ALIASES: i32 = 3;

const NOT_AN_ADVISOR: &str = "FA data operations ignored for non FA customers";
const NO_PROFILES: &str = "FA Profile is not supported anymore, use FA Group instead";

/// What is kept for all connections.
#[derive(Debug, Default)]
pub(crate) struct Advisor {
    /// The groups, once somebody has replaced the first ones.
    groups: Option<Vec<Group>>,
    /// Accounts and what people call them.
    aliases: Option<Vec<(String, String)>>,
}

impl Advisor {
    /// The groups, in their order: at first one with all accounts.
    pub(crate) fn groups(&self, accounts: &[String]) -> Vec<Group> {
        self.groups.clone().unwrap_or_else(|| vec![Group::of_all(accounts)])
    }

    fn aliases(&self, accounts: &[String]) -> Vec<(String, String)> {
        let own = || accounts.iter().map(|account| (account.clone(), account.clone())).collect();
        self.aliases.clone().unwrap_or_else(own)
    }
}

/// The accounts by their names, in the order in which they were configured.
pub(crate) fn accounts(context: &Context<'_>) -> Vec<String> {
    context.world.accounts().iter().map(|account| account.as_str().to_owned()).collect()
}

/// A document with the groups or the aliases.
pub(crate) fn request(context: &mut Context<'_>, request: &FaRequest) {
    let accounts = accounts(context);
    let kind = request.fa_data_type.unwrap_or_default();
    let xml = match checked(kind, &accounts, NO_REQUEST) {
        Err(error) => return context.refuse(error),
        Ok(()) if kind == GROUPS => documents::of_groups(&context.shared.advisor.groups(&accounts)),
        Ok(()) => documents::of_aliases(&context.shared.advisor.aliases(&accounts)),
    };
    context.say(ReceiveFa { fa_data_type: Some(kind), xml: Some(xml) });
}

/// Other groups or aliases take the place of the old ones.
pub(crate) fn replace(context: &mut Context<'_>, request: &FaReplace) {
    let accounts = accounts(context);
    let kind = request.fa_data_type.unwrap_or_default();
    let id = request.req_id.unwrap_or(NO_REQUEST);
    if let Err(error) = checked(kind, &accounts, id) {
        return context.refuse(error);
    }
    let xml = request.xml.as_deref().unwrap_or_default();
    let taken = if kind == GROUPS {
        documents::read_groups(xml, &accounts).map(|groups| context.shared.advisor.groups = Some(groups))
    } else {
        documents::read_aliases(xml, &accounts).map(|aliases| context.shared.advisor.aliases = Some(aliases))
    };
    match taken {
        Ok(()) => context.say(ReplaceFaEnd { req_id: request.req_id, text: Some("Success".to_owned()) }),
        Err(error @ documents::NotADocument::Account(_)) => {
            context.refuse(ApiError::about(id, Code::InvalidAccounts, error.to_string()));
        }
        Err(error) => context.refuse(ApiError::invalid(id, error)),
    }
}

fn checked(kind: i32, accounts: &[String], id: i32) -> Result<(), ApiError> {
    if accounts.len() < 2 {
        return Err(ApiError::invalid(id, NOT_AN_ADVISOR));
    }
    match kind {
        GROUPS | ALIASES => Ok(()),
        PROFILES => Err(ApiError::invalid(id, NO_PROFILES)),
        other => Err(ApiError::invalid(id, format!("{other} is not a type of FA data"))),
    }
}

#[cfg(test)]
mod tests;
