//! Groups and aliases as XML.

use crate::translate::xml::{Element, NotXml, escaped};

/// How a group shares out an order, where each account has its own amount of something.
const BY_AMOUNTS: [&str; 4] = ["ContractsOrShares", "Ratio", "Percent", "MonetaryAmount"];
/// How it does so by what the accounts have.
const BY_ITSELF: [&str; 5] = ["Equal", "EqualQuantity", "NetLiq", "AvailableEquity", "PctChange"];

const HEADER: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// Accounts that share orders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Group {
    pub(crate) name: String,
    /// How an order is shared out.
    pub(crate) method: String,
    /// The accounts, each with its amount where the method wants one.
    pub(crate) accounts: Vec<(String, Option<String>)>,
}

impl Group {
    pub(super) fn of_all(accounts: &[String]) -> Self {
        Self {
            name: "All".to_owned(),
            method: "NetLiq".to_owned(),
            accounts: accounts.iter().map(|account| (account.clone(), None)).collect(),
        }
    }
}

/// Why a document is not taken.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotADocument {
    #[error("the document cannot be read: {0}")]
    Xml(#[from] NotXml),
    #[error("the document is {given}, expected {expected}")]
    Root { expected: &'static str, given: String },
    #[error("{0} is missing or empty")]
    Missing(&'static str),
    #[error("there are two of the name {0}")]
    Twice(String),
    #[error("FA groups have invalid accounts: {0}")]
    Account(String),
    #[error("{0} is not a way to share out orders")]
    Method(String),
    #[error("{account} in group {group}: {method} {rule}")]
    Amount { group: String, account: String, method: String, rule: &'static str },
}

pub(super) fn of_groups(groups: &[Group]) -> String {
    let groups: String = groups.iter().map(of_group).collect();
    format!("{HEADER}<ListOfGroups>\n{groups}</ListOfGroups>\n")
}

fn of_group(group: &Group) -> String {
    let member = |(account, amount): &(String, Option<String>)| {
        let amount = amount.as_ref().map(|amount| format!("<amount>{}</amount>", escaped(amount)));
        let amount = amount.unwrap_or_default();
        format!("\t\t\t<Account><acct>{}</acct>{amount}</Account>\n", escaped(account))
    };
    let members: String = group.accounts.iter().map(member).collect();
    format!(
        "\t<Group>\n\t\t<name>{}</name>\n\t\t<defaultMethod>{}</defaultMethod>\n\
         \t\t<ListOfAccts varName=\"list\">\n{members}\t\t</ListOfAccts>\n\t</Group>\n",
        escaped(&group.name),
        escaped(&group.method)
    )
}

pub(super) fn of_aliases(aliases: &[(String, String)]) -> String {
    let alias = |(account, alias): &(String, String)| {
        let (account, alias) = (escaped(account), escaped(alias));
        format!("\t<AccountAlias><account>{account}</account><alias>{alias}</alias></AccountAlias>\n")
    };
    let aliases: String = aliases.iter().map(alias).collect();
    format!("{HEADER}<ListOfAccountAliases>\n{aliases}</ListOfAccountAliases>\n")
}

fn root(xml: &str, expected: &'static str) -> Result<Element, NotADocument> {
    let root = Element::parse(xml)?;
    if root.name == expected { Ok(root) } else { Err(NotADocument::Root { expected, given: root.name }) }
}

fn text<'a>(element: &'a Element, name: &'static str) -> Result<&'a str, NotADocument> {
    element.text_of(name).filter(|text| !text.is_empty()).ok_or(NotADocument::Missing(name))
}

fn known<'a>(account: &'a str, accounts: &[String]) -> Result<&'a str, NotADocument> {
    let is_known = accounts.iter().any(|known| known == account);
    if is_known { Ok(account) } else { Err(NotADocument::Account(account.to_owned())) }
}

/// Names are different, accounts are those of the advisor, and amounts stand where the method wants them.
pub(super) fn read_groups(xml: &str, accounts: &[String]) -> Result<Vec<Group>, NotADocument> {
    let root = root(xml, "ListOfGroups")?;
    let mut groups: Vec<Group> = Vec::new();
    for element in root.all("Group") {
        let group = read_group(element, accounts)?;
        if groups.iter().any(|other| other.name == group.name) {
            return Err(NotADocument::Twice(group.name));
        }
        groups.push(group);
    }
    Ok(groups)
}

fn read_group(element: &Element, accounts: &[String]) -> Result<Group, NotADocument> {
    let (name, method) = (text(element, "name")?.to_owned(), text(element, "defaultMethod")?.to_owned());
    let by_amounts = BY_AMOUNTS.contains(&method.as_str());
    if !by_amounts && !BY_ITSELF.contains(&method.as_str()) {
        return Err(NotADocument::Method(method));
    }
    let list = element.child("ListOfAccts").ok_or(NotADocument::Missing("ListOfAccts"))?;
    let mut members = Vec::new();
    // Older documents name the accounts alone.
    for plain in list.all("String") {
        members.push((known(&plain.text, accounts)?.to_owned(), None));
    }
    for member in list.all("Account") {
        let amount = member.text_of("amount").filter(|text| !text.is_empty()).map(str::to_owned);
        members.push((known(text(member, "acct")?, accounts)?.to_owned(), amount));
    }
    for (account, amount) in &members {
        let good = amount.as_deref().is_none_or(|text| text.parse::<rust_decimal::Decimal>().is_ok());
        let rule = match (by_amounts, amount) {
            (true, None) => "wants an amount",
            (false, Some(_)) => "has no amounts",
            _ if !good => "has an amount that is no number",
            _ => continue,
        };
        let (group, account) = (name.clone(), account.clone());
        return Err(NotADocument::Amount { group, account, method, rule });
    }
    Ok(Group { name, method, accounts: members })
}

pub(super) fn read_aliases(xml: &str, accounts: &[String]) -> Result<Vec<(String, String)>, NotADocument> {
    let root = root(xml, "ListOfAccountAliases")?;
    let alias = |element: &Element| {
        let account = known(text(element, "account")?, accounts)?;
        Ok((account.to_owned(), text(element, "alias")?.to_owned()))
    };
    root.all("AccountAlias").map(alias).collect()
}
