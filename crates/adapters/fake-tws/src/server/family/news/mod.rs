//! News: who gives them, headlines of the past and of now, articles, and bulletins of the exchanges.
//!
//! | request | answer |
//! | --- | --- |
//! | 85 | 85 |
//! | 86 | 86 once for each headline, the newest first; then 87 |
//! | 84 | 83; error 10172 for what is no article |
//! | 12 | 14: those of the last day when all are wanted, and from then on each when it comes |
//! | 13 | nothing |
//!
//! Everything is made up and follows from the seed, the contract and the time: who asks twice reads the same.

mod bulletins;
mod stories;
pub(crate) mod streamed;
mod time_text;

pub(crate) use bulletins::{
    Bulletins, cancel_bulletins, next_bulletin, publish_bulletins, request_bulletins,
};

use crate::server::context::Context;
use crate::server::error::{ApiError, Code, NO_REQUEST};
use crate::server::lookup;
use crate::wire::proto::{
    HistoricalNews, HistoricalNewsEnd, HistoricalNewsRequest, NewsArticle, NewsArticleRequest, NewsProvider,
    NewsProviders,
};
use std::time::Duration;
use stories::PROVIDERS;

/// No more headlines are told at once.
const MOST: usize = 300;
/// How far back headlines go.
const KNOWN: Duration = Duration::from_secs(3 * 365 * 86_400);

/// Who gives news.
pub(crate) fn providers(context: &mut Context<'_>) {
    let provider = |(code, name): &(&str, &str)| NewsProvider {
        provider_code: Some((*code).to_owned()),
        provider_name: Some((*name).to_owned()),
    };
    let news_providers = PROVIDERS.iter().map(provider).collect();
    context.say(NewsProviders { news_providers });
}

/// Headlines about a contract between two moments, the newest first.
pub(crate) fn historical(context: &mut Context<'_>, request: &HistoricalNewsRequest) {
    let (id, now) = (request.req_id.unwrap_or(NO_REQUEST), context.world.now());
    let number = request.con_id.unwrap_or_default();
    let Some(contract) = lookup::of_number(context.world, number) else {
        return context.refuse(ApiError::invalid(id, format!("Invalid contract id {number}")));
    };
    let codes = request.provider_codes.as_deref().unwrap_or_default();
    let codes: Vec<&str> = codes.split(['+', ',']).map(str::trim).filter(|code| !code.is_empty()).collect();
    let unknown = codes.iter().find(|code| !PROVIDERS.iter().any(|(known, _)| known == *code));
    if codes.is_empty() || unknown.is_some() {
        let code = unknown.copied().unwrap_or_default();
        return context.refuse(ApiError::invalid(id, format!("No news provider has the code {code:?}")));
    }
    let moment = |text: &Option<String>| match text.as_deref() {
        None | Some("" | "null") => Ok(None),
        Some(text) => time_text::read(text).map(Some).ok_or_else(|| text.to_owned()),
    };
    let (start, end) = match (moment(&request.start_date_time), moment(&request.end_date_time)) {
        (Ok(start), Ok(end)) => (start, end),
        (Err(text), _) | (_, Err(text)) => {
            return context.refuse(ApiError::invalid(id, format!("{text:?} is not a date and time")));
        }
    };
    let until = end.unwrap_or(now).min(now);
    let from = start.unwrap_or(now.before(KNOWN)).max(now.before(KNOWN));
    let most = request.total_results.and_then(|total| usize::try_from(total).ok()).filter(|total| *total > 0);
    let most = most.unwrap_or(MOST).min(MOST);
    let found = stories::newest(context.world.seed(), &contract, from, until, &codes, most + 1);
    for story in found.iter().take(most) {
        context.say(HistoricalNews {
            req_id: request.req_id,
            time: Some(time_text::written(story.at)),
            provider_code: Some(story.provider.to_owned()),
            article_id: Some(story.article.clone()),
            headline: Some(story.headline_with_tags()),
        });
    }
    context.say(HistoricalNewsEnd { req_id: request.req_id, has_more: Some(found.len() > most) });
}

/// The text of an article by its id.
pub(crate) fn article(context: &mut Context<'_>, request: &NewsArticleRequest) {
    let id = request.req_id.unwrap_or(NO_REQUEST);
    let (provider, article) = (
        request.provider_code.as_deref().unwrap_or_default(),
        request.article_id.as_deref().unwrap_or_default(),
    );
    let found = stories::of_article(context.world.seed(), provider, article, |number| {
        lookup::of_number(context.world, number)
    });
    let now = context.world.now();
    match found.filter(|story| story.at <= now && story.at >= now.before(KNOWN)) {
        Some(story) => context.say(NewsArticle {
            req_id: request.req_id,
            article_type: Some(0),
            article_text: Some(story.text()),
        }),
        None => {
            let text = format!("Failed to request news article:No article {article:?} of {provider:?}");
            context.refuse(ApiError::about(id, Code::NoNewsArticle, text));
        }
    }
}

/// The provider of this code, under which clients also name its tape: `BRF` is Briefing.com's.
pub(crate) fn provider(code: &str) -> Option<&'static str> {
    let all = || stories::PROVIDERS.iter().map(|(known, _)| *known);
    all()
        .find(|known| *known == code)
        .or_else(|| all().find(|known| code.len() > 2 && known.starts_with(code)))
}

/// What the provider of a code is called.
pub(crate) fn name_of(code: &str) -> Option<&'static str> {
    stories::PROVIDERS.iter().find(|(known, _)| *known == code).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests;
