//! `tradeport order spread`: options of several legs, with what they can earn and lose before they are ordered.
//!
//! A sold strategy is the reversed one, bought: its price is below zero by what is received.

mod again;
mod choose;
mod listed;
mod offer;
mod view;

use super::outcome::{Answer, Stopper, fault_of, report, told};
use super::preview::{self, Preview};
use super::repeat::{Meant, account_meant, told_before};
use super::settle::{after_closing, close, keep_value, outcome_of_failing, settle_one};
use super::view::OrderView;
use super::worded::{account_of, check, heading, unsent, usage};
use crate::Session;
use crate::cli::{Heading, SpreadArgs};
use crate::exit::Exit;
use crate::fault::Report;
use crate::wiring::Platform;
use again::{LeftToTheMarket, meant_by};
use listed::Listed;
use offer::Offer;
use tradeport_orders::{OrderIntent, Side};
use tradeport_trading::{DeskError, Placed, StrategyOrder};
use view::{Kept, SpreadView};

/// Orders a strategy, or says what it would meet.
pub(super) async fn run(command: SpreadArgs, session: &Session) -> anyhow::Result<Exit> {
    let options = &command.options;
    let symbol = command.strategy.symbol().symbol();
    let heading = if options.preview {
        unsent(&options.options, symbol, Side::Buy, session)
    } else {
        heading(&options.options, symbol, Side::Buy, session)
    };
    let platform = match Platform::open(session).await {
        Ok(platform) => platform,
        Err(error) if options.preview => return Err(error),
        Err(error) => {
            let meant_by = |before: &OrderIntent| {
                let account = account_meant(options.options.account.as_ref(), before, session);
                meant_by(&command, &heading.key, account, before)
            };
            let (placed, stopper) = told_before(&heading.key, error, session, meant_by).await?;
            return report_kept(&placed, stopper, session);
        }
    };
    let (offer, intent) = match offered(&command, &heading, &platform, session).await {
        Ok(offered) => offered,
        Err(error) => match placed_before(&command, &heading, &error, &platform).await {
            Some(placed) => {
                let stopper = Stopper::of(&placed, &platform).await;
                close(platform).await;
                return report_kept(&placed, stopper, session);
            }
            None => return Err(after_closing(error, platform).await),
        },
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

/// What was placed by these words, where nothing can be chosen or priced now: it has its answer all the same.
async fn placed_before(
    command: &SpreadArgs,
    heading: &Heading,
    error: &anyhow::Error,
    platform: &Platform,
) -> Option<Placed> {
    let options = &command.options;
    if options.preview || Report::of(error).exit() == Exit::Usage {
        return None;
    }
    let before = platform.desk().order(&heading.key).await?;
    let account = account_of(&options.options, platform);
    let meant = meant_by(command, &heading.key, account, before.intent()).ok()?;
    (meant == Meant::ThatOrder).then(|| Placed::before(before))
}

/// What became of an order that was placed before, where nothing is known of its strategy now.
fn report_kept(placed: &Placed, stopper: Option<Stopper>, session: &Session) -> anyhow::Result<Exit> {
    if !session.output().is_json() {
        return report(placed, stopper, session);
    }
    let printed = session.output().document(&Kept::of(Answer::of(placed)));
    let words = OrderView::of(&placed.order).words();
    fault_of(&words, placed, stopper).map_or(Exit::Done, |fault| told(fault, session)).after(printed)
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
    let left = LeftToTheMarket::by(&command.strategy, offer.limited && !offer.given);
    let before = match platform.desk().order(intent.key()).await {
        Some(placed) => left.as_placed(&intent, placed.intent(), platform.broker()).await,
        None => None,
    };
    Ok((offer, before.unwrap_or(intent)))
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
