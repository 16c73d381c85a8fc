//! An order as a command line words it, on its way to the service, and what came of it.
//!
//! The words are the program's own language: the service reads them as it would have read them from its own command line, so an
//! order is worded, looked up and told of by one piece of code, wherever it is typed.

use crate::cli::{Cli, Command, OrderCommand};
use crate::config::{BrokerChoice, Config, Environment};
use crate::exit::Exit;
use crate::fault::Fault;
use crate::output::{Look, Said};
use clap::Parser;
use serde::{Deserialize, Serialize};
use tradeport_kernel::{AccountId, OrderKey};

/// By another version of the program the same words may be meant in another way.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A command about an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Typed {
    version: String,
    /// What was typed; the program's name first.
    words: Vec<String>,
    /// The key of the order; where it was not typed, the one that was made. `None` where nothing is sent.
    pub key: Option<OrderKey>,
    meant: Meant,
    /// How its reader sees results.
    pub look: Look,
}

impl Typed {
    /// These words, from where these settings hold.
    #[must_use]
    pub fn new(words: Vec<String>, key: Option<OrderKey>, config: &Config, look: Look) -> Self {
        Self { version: VERSION.to_owned(), words, key, meant: Meant::by(config), look }
    }

    /// The command that they make, for a service of these settings that trades this account. Errors: it means another broker or
    /// account, or it is none that a service does.
    pub fn command(&self, config: &Config, account: &AccountId) -> Result<OrderCommand, Fault> {
        let restart = "stop the service and start it by the program of now";
        if self.version != VERSION {
            let message = format!("the service is of version {VERSION}, and this is {}", self.version);
            return Err(Fault::usage(message, restart));
        }
        self.meant.check(config, account).map_err(|NotMeant { what, service, here }| {
            let message = format!("{what} of the service is {service}, and this command means {here}");
            Fault::usage(
                message,
                "the settings with which the service was started; or another folder: --data-dir DIR",
            )
        })?;
        let cli = Cli::try_parse_from(&self.words);
        let unread = || Fault::usage("the service cannot read what was typed", restart);
        let Command::Order(mut command) = cli.map_err(|error| unread().because(error))?.command else {
            return Err(unread());
        };
        if !command.needs_a_desk() {
            return Err(unread());
        }
        if let Some(options) = command.placing() {
            // An order without a key that its author knows is never placed.
            options.key = Some(self.key.clone().ok_or_else(unread)?);
        }
        Ok(*command)
    }

    /// Do the words place an order, rather than change one or ask what one would meet?
    #[must_use]
    pub fn places(&self) -> bool {
        let cli = Cli::try_parse_from(&self.words);
        cli.is_ok_and(|cli| match cli.command {
            Command::Order(mut command) => command.placing().is_some(),
            _ => false,
        })
    }
}

/// Where an order is meant to be placed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Meant {
    environment: Environment,
    broker: BrokerChoice,
    /// Host and port, where they matter.
    tws: Option<String>,
    /// `None` for the one that the broker has.
    account: Option<AccountId>,
}

/// In what a command and a service differ.
#[derive(Debug, PartialEq, Eq)]
pub struct NotMeant {
    what: &'static str,
    service: String,
    here: String,
}

impl Meant {
    /// By these settings.
    #[must_use]
    pub fn by(config: &Config) -> Self {
        let tws =
            (config.broker == BrokerChoice::Tws).then(|| format!("{}:{}", config.ib.host, config.ib.port));
        let account = config.known_account().cloned();
        Self { environment: config.environment, broker: config.broker, tws, account }
    }

    /// Is it what a service of these settings trades, for this account?
    pub fn check(&self, config: &Config, account: &AccountId) -> Result<(), NotMeant> {
        let service = Self::by(config);
        let tws = |it: &Self| it.tws.clone().unwrap_or_default();
        let here = self.account.as_ref().unwrap_or(account);
        let all = [
            (
                "the environment",
                service.environment.as_str().to_owned(),
                self.environment.as_str().to_owned(),
            ),
            ("the broker", service.broker.as_str().to_owned(), self.broker.as_str().to_owned()),
            ("the TWS", tws(&service), tws(self)),
            ("the account", account.to_string(), here.to_string()),
        ];
        match all.into_iter().find(|(_, service, here)| service != here) {
            Some((what, service, here)) => Err(NotMeant { what, service, here }),
            None => Ok(()),
        }
    }
}

/// What came of a command: all that it said, and how it ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ended {
    /// In its order.
    pub said: Vec<Said>,
    exit_code: u8,
}

impl Ended {
    /// So it ended, and said this.
    #[must_use]
    pub const fn new(exit: Exit, said: Vec<Said>) -> Self {
        Self { said, exit_code: exit.code() }
    }

    /// How it ended. What cannot be read for certain may have happened.
    #[must_use]
    pub fn exit(&self) -> Exit {
        Exit::of_code(self.exit_code).unwrap_or(Exit::OutcomeUnknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::variables::Variables;
    use crate::config::{Assignment, OutputFormat, load};
    use crate::fault::Report;
    use crate::output::Output;

    fn config(given: &[(&'static str, &str)]) -> Config {
        let given: Vec<_> =
            given.iter().map(|(key, value)| Assignment { key, flag: key, value: (*value).into() }).collect();
        load(None, &Variables::default(), &given).unwrap().config().clone()
    }

    fn typed(words: &str, key: Option<&str>, config: &Config) -> Typed {
        let words = words.split_whitespace().map(str::to_owned).collect();
        let look = Output::new(OutputFormat::Json, false).look();
        Typed::new(words, key.map(|key| key.parse().unwrap()), config, look)
    }

    fn refused(typed: &Typed, config: &Config, account: &str) -> String {
        let fault = typed.command(config, &account.parse().unwrap()).unwrap_err();
        let report = Report::of(&fault.into());
        assert_eq!(report.exit_code, 2, "nothing was done");
        report.message
    }

    #[test]
    fn the_words_make_the_command_under_the_key_that_was_said() {
        let config = config(&[]);
        let account = config.account().to_string();
        let typed = typed("tradeport --json order buy AAPL 10 --limit 5", Some("k"), &config);
        let command = typed.command(&config, &account.parse().unwrap()).unwrap();
        let OrderCommand::Buy(trade) = command else { panic!("{command:?}") };
        assert_eq!(trade.order.options.key, Some("k".parse().unwrap()));
    }

    #[test]
    fn a_service_does_what_is_for_a_desk_and_nothing_else() {
        let config = config(&[]);
        let account = config.account().to_string();
        let cases = ["quote AAPL", "risk resume --reason x", "order list", "order cancel-all", "order fly"];
        for words in cases {
            let typed = typed(&format!("tradeport {words}"), Some("k"), &config);
            assert!(refused(&typed, &config, &account).contains("cannot read what was typed"), "{words}");
        }
        let nameless = typed("tradeport order buy AAPL 1", None, &config);
        assert!(refused(&nameless, &config, &account).contains("cannot read what was typed"));
        let older =
            Typed { version: "0.0.0".to_owned(), ..typed("tradeport order buy AAPL 1", Some("k"), &config) };
        assert!(refused(&older, &config, &account).contains("and this is 0.0.0"));
    }

    #[test]
    fn another_broker_place_environment_or_account_is_refused_by_name() {
        let fake = config(&[]);
        let account = fake.account().to_string();
        let words = "tradeport order buy AAPL 1";
        let of = |given: &[(&'static str, &str)]| typed(words, Some("k"), &config(given));
        let said = refused(&of(&[("broker", "tws")]), &fake, &account);
        assert!(said.contains("the broker of the service is fake, and this command means tws"), "{said}");
        let said = refused(&of(&[("environment", "testing")]), &fake, &account);
        assert!(
            said.contains("the environment of the service is development, and this command means testing"),
            "{said}"
        );
        let said = refused(&of(&[("fake.account", "DU9")]), &fake, &account);
        assert!(said.contains("account") && said.contains("means DU9"), "{said}");

        let tws = config(&[("broker", "tws")]);
        let said = refused(&of(&[("broker", "tws"), ("ib.host", "10.0.0.9")]), &tws, "DU1");
        assert!(
            said.contains("the TWS of the service is 127.0.0.1:7497, and this command means 10.0.0.9:7497"),
            "{said}"
        );
        let said = refused(&of(&[("broker", "tws"), ("ib.account", "DU2")]), &tws, "DU1");
        assert!(said.contains("the account of the service is DU1, and this command means DU2"), "{said}");
        assert!(
            of(&[("broker", "tws")]).command(&tws, &"DU1".parse().unwrap()).is_ok(),
            "the one that it has"
        );
    }
}
