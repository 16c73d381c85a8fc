//! Reading and changing settings.

use crate::server::testing::Client;
use crate::wire::Answer;
use crate::wire::proto::{
    ApiConfig, ApiPrecautionsConfig, ApiSettingsConfig, ConfigRequest, ConfigResponse, IdsRequest,
    LockAndExitConfig, UpdateConfigRequest, UpdateConfigResponse,
};

fn read(client: &mut Client) -> ConfigResponse {
    let answers = client.ask(ConfigRequest { req_id: Some(1) });
    let [Answer::ConfigResponse(told)] = answers.as_slice() else { panic!("{answers:?}") };
    assert_eq!(told.req_id, Some(1));
    told.as_ref().clone()
}

fn update(client: &mut Client, request: UpdateConfigRequest) -> UpdateConfigResponse {
    let answers = client.ask(UpdateConfigRequest { req_id: Some(2), ..request });
    let [Answer::UpdateConfigResponse(told)] = answers.as_slice() else { panic!("{answers:?}") };
    assert_eq!(told.req_id, Some(2));
    told.as_ref().clone()
}

fn settings(settings: ApiSettingsConfig) -> UpdateConfigRequest {
    let api = ApiConfig { settings: Some(settings), precautions: None };
    UpdateConfigRequest { api: Some(api), ..UpdateConfigRequest::default() }
}

#[test]
fn what_is_changed_is_read_by_everybody() {
    let mut client = Client::new();
    let before = read(&mut client);
    let change = settings(ApiSettingsConfig {
        prepare_daily_pnl: Some(true),
        logging_level: Some("Detail".to_owned()),
        socket_port: Some(4_002),
        ..ApiSettingsConfig::default()
    });
    let told = update(&mut client, change);
    assert_eq!(told.status.as_deref(), Some("Success"));
    assert_eq!(told.changed_fields, ["api.settings.prepareDailyPnL", "api.settings.loggingLevel"]);
    let after = read(&mut client);
    assert_ne!(after, before);
    let other = client.connect();
    assert_eq!(client.ask_on(other, ConfigRequest { req_id: Some(1) }), [after.into()]);
}

#[test]
fn what_is_dangerous_is_accepted_first() {
    let mut client = Client::new();
    let before = read(&mut client);
    let precautions = ApiPrecautionsConfig {
        bypass_order_precautions: Some(true),
        bypass_bond_warning: Some(true),
        ..ApiPrecautionsConfig::default()
    };
    let change = UpdateConfigRequest {
        api: Some(ApiConfig { precautions: Some(precautions), settings: None }),
        ..UpdateConfigRequest::default()
    };
    let told = update(&mut client, change.clone());
    assert_eq!((told.status.as_deref(), told.warnings.len()), (Some("Warning"), 1));
    assert!(told.changed_fields.is_empty());
    assert_eq!(read(&mut client), before);
    let told = update(&mut client, UpdateConfigRequest { accepted_warnings: told.warnings, ..change });
    assert_eq!((told.status.as_deref(), told.changed_fields.len()), (Some("Success"), 2));
    assert_ne!(read(&mut client), before);
}

#[test]
fn what_cannot_be_changes_nothing() {
    let mut client = Client::new();
    let before = read(&mut client);
    let wrong = settings(ApiSettingsConfig {
        prepare_daily_pnl: Some(true),
        socket_port: Some(70_000),
        master_client_id: Some(-1),
        logging_level: Some("Whisper".to_owned()),
        trusted_ips: vec!["home".to_owned()],
        ..ApiSettingsConfig::default()
    });
    let logoff = LockAndExitConfig { auto_logoff_time: Some("25:00".to_owned()), ..Default::default() };
    let told = update(&mut client, UpdateConfigRequest { lock_and_exit: Some(logoff), ..wrong });
    assert_eq!((told.status.as_deref(), told.errors.len()), (Some("Error"), 5), "{told:?}");
    assert_eq!(read(&mut client), before);
}

#[test]
fn the_order_sequence_begins_anew_when_told_to() {
    let mut client = Client::new();
    let request = UpdateConfigRequest { reset_api_order_sequence: Some(true), ..Default::default() };
    assert_eq!(update(&mut client, request).changed_fields, ["resetAPIOrderSequence"]);
    let answers = client.ask(IdsRequest { num_ids: Some(1) });
    assert!(matches!(answers.as_slice(), [Answer::NextValidId(it)] if it.order_id == Some(1)));
}
