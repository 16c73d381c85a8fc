//! News: providers, headlines, articles, bulletins; and the calendar of corporate events.

use super::cursor::{Cursor, Layout, TextError};
use super::shared::{MOST, lay, layouts, tags};
use crate::wire::proto::{
    CancelNewsBulletins, CancelWshEventData, CancelWshMetaData, HistoricalNews, HistoricalNewsEnd,
    HistoricalNewsRequest, NewsArticle, NewsArticleRequest, NewsBulletin, NewsBulletinsRequest,
    NewsProviders, NewsProvidersRequest, TickNews, WshEventData, WshEventDataRequest, WshMetaData,
    WshMetaDataRequest,
};

/// From here on events can be asked for by a filter.
const EVENT_FILTER: i32 = 171;
/// From here on events can be asked for by a period.
const EVENT_PERIOD: i32 = 173;

impl Layout for NewsArticleRequest {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        lay!(cursor, self: int req_id, text provider_code, text article_id);
        tags(cursor, &mut self.news_article_options)
    }
}

impl Layout for HistoricalNewsRequest {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        lay!(cursor, self:
            int req_id, int con_id, text provider_codes, text start_date_time, text end_date_time, int total_results);
        tags(cursor, &mut self.historical_news_options)
    }
}

impl Layout for NewsProvidersRequest {
    fn lay<C: Cursor>(&mut self, _cursor: &mut C) -> Result<(), TextError> {
        Ok(())
    }
}

impl Layout for NewsProviders {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        cursor.list(&mut self.news_providers, MOST, |cursor, it| {
            lay!(cursor, it: text provider_code, text provider_name);
            Ok(())
        })
    }
}

impl Layout for WshEventDataRequest {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        lay!(cursor, self: int req_id, int con_id);
        if cursor.since(EVENT_FILTER) {
            lay!(cursor, self: text filter, flag fill_watchlist, flag fill_portfolio, flag fill_competitors);
        }
        if cursor.since(EVENT_PERIOD) {
            lay!(cursor, self: text start_date, text end_date, int_or_max total_limit);
        }
        Ok(())
    }
}

layouts! {
    NewsBulletinsRequest v "1" { flag all_messages }
    CancelNewsBulletins v "1" {}
    NewsBulletin v "1" { int_or_zero news_msg_id, int_or_zero news_msg_type, escaped news_message, escaped originating_exch }
    NewsArticle { int_or_zero req_id, int_or_zero article_type, text article_text }
    HistoricalNews { int_or_zero req_id, text time, text provider_code, text article_id, text headline }
    HistoricalNewsEnd { int_or_zero req_id, flag has_more }
    TickNews {
        int_or_zero req_id, long_or_zero timestamp, text provider_code, text article_id, text headline, text extra_data,
    }
    WshMetaDataRequest { int req_id }
    CancelWshMetaData { int req_id }
    WshMetaData { int_or_zero req_id, text data_json }
    CancelWshEventData { int req_id }
    WshEventData { int_or_zero req_id, text data_json }
}
