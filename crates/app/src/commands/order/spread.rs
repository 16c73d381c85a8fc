//! `tradeport order spread`: options of several legs, with what they can earn and lose before they are ordered.
//!
//! A sold strategy is the reversed one, bought: its price is below zero by what is received.

mod choose;
mod listed;
mod offer;
mod view;

use super::outcome::{Answer, Stopper, fault_of, told};
use super::preview::{self, Preview};
use super::settle::{after_closing, close, keep_value, outcome_of_failing, settle_one};
use super::worded::{account_of, check, heading, unsent, usage};
use crate::Session;
use crate::cli::{Heading, SpreadArgs};
use crate::exit::Exit;
use crate::wiring::Platform;
use listed::Listed;
use offer::Offer;
use tradeport_orders::{OrderIntent, Side};
use tradeport_trading::{DeskError, Placed, StrategyOrder};
use view::SpreadView;

/// Orders a strategy, or says what it would meet.
pub(super) async fn run(command: SpreadArgs, session: &Session) -> anyhow::Result<Exit> {
    let options = &command.options;
    let symbol = command.strategy.symbol().symbol();
    let heading = if options.preview {
        unsent(&options.options, symbol, Side::Buy, session)
    } else {
        heading(&options.options, symbol, Side::Buy, session)
    };
    let platform = Platform::open(session).await?;
    let (offer, intent) = match offered(&command, &heading, &platform, session).await {
        Ok(offered) => offered,
        Err(error) => return Err(after_closing(error, platform).await),
    };
    let view = SpreadView::of(&offer);
    if !session.output().is_json() {
        view.show_legs(session)?;
    }
    if options.preview {
        look_ahead(view, intent, platform, session).await
    } else {
        place(view, intent, platform, session).await
    }
}

/// What was chosen, priced, and the one order that trades it.
async fn offered(
    command: &SpreadArgs,
    heading: &Heading,
    platform: &Platform,
    session: &Session,
) -> anyhow::Result<(Offer, OrderIntent)> {
    let options = &command.options;
    let underlying = platform.list(command.strategy.symbol().instrument()).await?;
    let today = session.clock().now().to_utc().date();
    let listed = Listed::on(underlying, options.class.as_deref(), today, platform.broker()).await?;
    let chosen = choose::choose(command, &listed).await?;
    for leg in &chosen.legs {
        platform.list(leg.instrument()).await?;
    }
    let offer = Offer::of(options, &listed, chosen, platform).await?;
    let kind = offer.kind(options).map_err(|problem| usage(problem, "order spread"))?;
    let order = StrategyOrder {
        key: heading.key.clone(),
        account: account_of(&options.options, platform),
        strategy: offer.strategy.clone(),
        quantity: options.quantity,
        kind,
        time_in_force: options.time.tif.0,
    };
    let mut draft = platform.desk().strategy_intent(&order).await?.to_draft();
    draft.strategy.clone_from(&options.options.strategy);
    options.time.say(&mut draft).map_err(|problem| usage(problem, "order spread"))?;
    let intent = draft.check().map_err(|error| usage(error.to_string(), "order spread"))?;
    let contract = platform.desk().contract(intent.symbol()).await?;
    // What an order is judged by has to be quoted.
    platform.list(contract.instrument()).await?;
    if options.preview {
        return Ok((offer, intent));
    }
    check(&intent, &contract, platform, session).await?;
    let left = LeftToTheMarket { price: offer.limited && !offer.given, legs: listed.counts() };
    let placed = platform.desk().order(intent.key()).await;
    let before = placed.and_then(|order| left.as_placed(&intent, order.intent()));
    Ok((offer, before.unwrap_or(intent)))
}

/// What a command leaves to the market. The same words come to something else a moment later; what was placed under their key
/// does not.
#[derive(Clone, Copy)]
struct LeftToTheMarket {
    price: bool,
    legs: bool,
}

impl LeftToTheMarket {
    /// The order that was placed by these words before; `None` for another one.
    fn as_placed(self, now: &OrderIntent, placed: &OrderIntent) -> Option<OrderIntent> {
        let (mut draft, then) = (now.to_draft(), placed.to_draft());
        if self.price && draft.kind.name() == then.kind.name() {
            draft.kind = then.kind;
        }
        if self.legs && underlying_of(now) == underlying_of(placed) {
            (draft.symbol, draft.instrument) = (then.symbol, then.instrument);
        }
        draft.check().ok().filter(|intent| intent == placed)
    }
}

/// `combo:AAPL`, of what is named `combo:AAPL;leg=…`.
fn underlying_of(intent: &OrderIntent) -> Option<String> {
    intent.symbol().as_str().split_once(';').map(|(underlying, _)| underlying.to_owned())
}

async fn place(
    view: SpreadView,
    intent: OrderIntent,
    platform: Platform,
    session: &Session,
) -> anyhow::Result<Exit> {
    let (key, words, output) = (intent.key().clone(), view.words(), session.output());
    if !output.is_json() {
        // Before it is ordered.
        output.grid(&view.facts())?;
        output.text("")?;
    }
    let placed: Result<Placed, DeskError> = platform.desk().submit(intent).await;
    let settled = match placed {
        Ok(placed) => settle_one(placed, &platform, session).await,
        Err(error) => Err(error.into()),
    };
    let placed = match settled {
        Ok(placed) => placed,
        Err(error) => {
            let error = outcome_of_failing(error, &key, &platform).await;
            return Err(after_closing(error, platform).await);
        }
    };
    let stopper = Stopper::of(&placed, &platform).await;
    keep_value(std::slice::from_ref(&placed), &platform).await;
    close(platform).await;
    let answer = Answer::of(&placed);
    let printed = if output.is_json() {
        output.document(&view.with_order(answer))
    } else {
        if placed.repeat {
            output.say("this key was placed before: nothing was sent, this is what became of it");
        }
        let printed = output.grid(&answer.facts());
        placed.warnings.iter().for_each(|warning| output.say(&format!("note: {warning}")));
        printed
    };
    fault_of(&words, &placed, stopper).map_or(Exit::Done, |fault| told(fault, session)).after(printed)
}

async fn look_ahead(
    view: SpreadView,
    intent: OrderIntent,
    platform: Platform,
    session: &Session,
) -> anyhow::Result<Exit> {
    let preview: anyhow::Result<Preview> = match platform.desk().contract(intent.symbol()).await {
        Ok(contract) => preview::of_intent(intent, &contract, &view.words(), &platform).await,
        Err(error) => Err(error.into()),
    };
    let preview = match preview {
        Ok(preview) => preview,
        Err(error) => return Err(after_closing(error, platform).await),
    };
    platform.close().await?;
    let output = session.output();
    let printed = if output.is_json() {
        output.document(&view.with_preview(&preview.view))
    } else {
        let mut grid = view.facts();
        preview.view.add_to(&mut grid);
        output.grid(&grid)
    };
    preview.told(session).after(printed)
}
