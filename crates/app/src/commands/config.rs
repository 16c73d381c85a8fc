//! `tradeport config`: what is set, and whether it makes sense.

use crate::Session;
use crate::cli::ConfigCommand;
use crate::config::variables::variable_of;
use crate::config::{Loaded, load_file_alone};
use crate::exit::Exit;
use crate::output::{Column, Grid};
use crate::wiring::check_notices;
use serde_json::{Map, Value, json};

/// Runs one of the commands about settings.
pub(super) fn run(command: &ConfigCommand, session: &Session) -> anyhow::Result<Exit> {
    match command {
        ConfigCommand::Show => show(session),
        ConfigCommand::Check { file: None } => check(session.loaded(), session),
        ConfigCommand::Check { file: Some(path) } => check(&load_file_alone(path)?, session),
    }
}

fn show(session: &Session) -> anyhow::Result<Exit> {
    let (loaded, output) = (session.loaded(), session.output());
    let storage = session.storage()?;
    if output.is_json() {
        let mut settings = Map::new();
        for (key, value) in loaded.values() {
            let value = serde_json::to_value(value)?;
            let source = loaded.source(&key).to_string();
            let entry = json!({ "value": value, "source": source, "variable": variable_of(&key) });
            settings.insert(key, entry);
        }
        let document = json!({
            "file": loaded.file(),
            "databases": { "orders": storage.orders, "market": storage.market },
            "settings": Value::Object(settings),
        });
        output.document(&document)?;
        return Ok(Exit::Done);
    }
    let columns = ["key", "value", "from", "variable"];
    let mut grid = Grid::new(columns.map(Column::Words).to_vec());
    for (key, value) in loaded.values() {
        let shown = match &value {
            Some(value) => value.as_str().map_or_else(|| value.to_string(), str::to_owned),
            None => "not set".to_owned(),
        };
        let source = loaded.source(&key).to_string();
        let variable = variable_of(&key).unwrap_or_default().to_owned();
        grid.row([key, shown, source, variable]);
    }
    output.grid(&grid)?;
    let file = loaded.file().map_or_else(|| "none".to_owned(), |path| path.display().to_string());
    let mut facts = Grid::facts();
    facts.fact("file of settings", file);
    facts.fact("database of orders", storage.orders.display().to_string());
    facts.fact("database of quotes", storage.market.display().to_string());
    output.grid(&facts)?;
    Ok(Exit::Done)
}

fn check(loaded: &Loaded, session: &Session) -> anyhow::Result<Exit> {
    loaded.check()?;
    check_notices(&loaded.config().ib)?;
    let output = session.output();
    if output.is_json() {
        output.document(&json!({ "valid": true, "file": loaded.file() }))?;
    } else {
        let what = loaded.file().map_or_else(|| "the settings".to_owned(), |path| path.display().to_string());
        output.text(&format!("{what}: good"))?;
    }
    Ok(Exit::Done)
}
