//! Groups and aliases of advisors, and what everybody else is told.

use crate::server::ServerSettings;
use crate::server::testing::{Client, error, names, refused};
use crate::wire::Answer;
use crate::wire::proto::{FaReplace, FaRequest};
use tradeport_kernel::AccountId;

fn advisor() -> Client {
    let mut settings = ServerSettings::default();
    let mut second = settings.accounts[0].clone();
    second.id = AccountId::new("DU7654321").unwrap();
    settings.accounts.push(second);
    Client::of(settings)
}

fn document(client: &mut Client, kind: i32) -> String {
    let answers = client.ask(FaRequest { fa_data_type: Some(kind) });
    let [Answer::ReceiveFa(told)] = answers.as_slice() else { panic!("{answers:?}") };
    assert_eq!(told.fa_data_type, Some(kind));
    told.xml.clone().unwrap()
}

fn replace(client: &mut Client, kind: i32, xml: &str) -> Vec<Answer> {
    client.ask(FaReplace { req_id: Some(3), fa_data_type: Some(kind), xml: Some(xml.to_owned()) })
}

fn group(name: &str, method: &str, members: &str) -> String {
    format!(
        "<Group><name>{name}</name><defaultMethod>{method}</defaultMethod><ListOfAccts varName=\"list\">{members}\
         </ListOfAccts></Group>"
    )
}

fn groups(inner: &str) -> String {
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?><ListOfGroups>{inner}</ListOfGroups>")
}

#[test]
fn groups_are_kept_as_they_were_sent() {
    let mut client = advisor();
    assert!(document(&mut client, 1).contains("<name>All</name>"));
    let percent = "<Account><acct>DU1234567</acct><amount>60.0</amount></Account>\
                   <Account><acct>DU7654321</acct><amount>40.0</amount></Account>";
    let equal = "<Account><acct>DU1234567</acct></Account>";
    let xml = groups(&(group("Sixty &amp; forty", "Percent", percent) + &group("Mine", "NetLiq", equal)));
    let answers = replace(&mut client, 1, &xml);
    assert_eq!(names(&answers), ["REPLACE_FA_END"]);
    let told = document(&mut client, 1);
    assert!(told.contains("Sixty &amp; forty") && told.contains("<amount>60.0</amount>"), "{told}");
    assert_eq!(names(&replace(&mut client, 1, &told)), ["REPLACE_FA_END"]);
    assert_eq!(document(&mut client, 1), told);
}

#[test]
fn aliases_are_kept_as_they_were_sent() {
    let mut client = advisor();
    let told = document(&mut client, 3);
    assert!(told.contains("<alias>DU7654321</alias>"), "{told}");
    let renamed = told.replace("<alias>DU7654321</alias>", "<alias>Grandmother</alias>");
    assert_eq!(names(&replace(&mut client, 3, &renamed)), ["REPLACE_FA_END"]);
    assert_eq!(document(&mut client, 3), renamed);
}

#[test]
fn what_is_wrong_changes_nothing() {
    let mut client = advisor();
    let before = document(&mut client, 1);
    let plain = "<Account><acct>DU1234567</acct></Account>";
    let amount = "<Account><acct>DU1234567</acct><amount>1</amount></Account>";
    for xml in [
        "<ListOfGroups>".to_owned(),
        "<ListOfAccountAliases/>".to_owned(),
        groups(&group("A", "Astrology", plain)),
        groups(&group("A", "Percent", plain)),
        groups(&group("A", "NetLiq", amount)),
        groups(&(group("A", "NetLiq", plain) + &group("A", "NetLiq", plain))),
        groups("<Group><name>A</name></Group>"),
    ] {
        assert_eq!(refused(&replace(&mut client, 1, &xml)), (3, 321), "{xml}");
    }
    let foreign = groups(&group("A", "NetLiq", "<Account><acct>DU9</acct></Account>"));
    assert_eq!(refused(&replace(&mut client, 1, &foreign)), (3, 10_231));
    assert_eq!(document(&mut client, 1), before);
}

#[test]
fn profiles_are_withdrawn_and_who_has_one_account_is_no_advisor() {
    let answers = advisor().ask(FaRequest { fa_data_type: Some(2) });
    assert!(error(&answers).error_msg.unwrap().ends_with("use FA Group instead"));
    assert_eq!(refused(&advisor().ask(FaRequest { fa_data_type: Some(7) })), (-1, 321));
    let answers = Client::new().ask(FaRequest { fa_data_type: Some(1) });
    assert!(error(&answers).error_msg.unwrap().ends_with("ignored for non FA customers"));
}
