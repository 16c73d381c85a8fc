//! Headlines, articles and bulletins.

use super::streamed::{headlines_between, latest, next_headline_after};
use crate::server::lookup;
use crate::server::testing::{Client, NOW, names, refused};
use crate::wire::Answer;
use crate::wire::proto::{
    CancelNewsBulletins, HistoricalNews, HistoricalNewsRequest, NewsArticleRequest, NewsBulletinsRequest,
    NewsProvidersRequest,
};
use std::time::Duration;

fn asked(total: i32) -> HistoricalNewsRequest {
    HistoricalNewsRequest {
        req_id: Some(8),
        con_id: Some(265_598),
        provider_codes: Some("BRFG+BRFUPDN+DJ-N+DJ-RT+DJ-RTA+DJ-RTE+DJ-RTG+DJNL".to_owned()),
        start_date_time: Some(String::new()),
        end_date_time: Some("2026-11-20 12:00:00.0".to_owned()),
        total_results: Some(total),
        historical_news_options: Vec::new(),
    }
}

fn past(client: &mut Client, request: HistoricalNewsRequest) -> (Vec<HistoricalNews>, bool) {
    let answers = client.ask(request);
    let (end, news) = answers.split_last().unwrap();
    let Answer::HistoricalNewsEnd(end) = end else { panic!("{end:?} is no end") };
    let news = news.iter().map(|answer| match answer {
        Answer::HistoricalNews(it) => it.as_ref().clone(),
        other => panic!("{other:?}"),
    });
    (news.collect(), end.has_more.unwrap())
}

#[test]
fn headlines_come_the_newest_first_and_always_the_same() {
    let mut client = Client::new();
    let (news, more) = past(&mut client, asked(10));
    assert!(news.len() == 10 && more);
    let times: Vec<_> = news.iter().map(|it| it.time.clone().unwrap()).collect();
    assert!(times.is_sorted_by(|a, b| a >= b) && times[0].as_str() <= "2026-11-20 12:00:00.0", "{times:?}");
    assert_eq!(past(&mut Client::new(), asked(10)).0, news);
    let few = HistoricalNewsRequest { start_date_time: Some(times[2].clone()), ..asked(10) };
    assert_eq!(past(&mut client, few), (news[..3].to_vec(), false));
    let one = HistoricalNewsRequest { provider_codes: Some("DJNL".to_owned()), ..asked(300) };
    let (news, _) = past(&mut client, one);
    assert!(news.len() > 10 && news.iter().all(|it| it.provider_code.as_deref() == Some("DJNL")));
}

#[test]
fn every_headline_has_its_article() {
    let mut client = Client::new();
    for it in past(&mut client, asked(20)).0 {
        let request = NewsArticleRequest {
            req_id: Some(2),
            provider_code: it.provider_code,
            article_id: it.article_id,
            news_article_options: Vec::new(),
        };
        let answers = client.ask(request);
        let [Answer::NewsArticle(article)] = answers.as_slice() else { panic!("{answers:?}") };
        let headline = it.headline.unwrap();
        let (_, headline) = headline.split_once('}').unwrap();
        assert!(article.article_text.as_ref().unwrap().starts_with(headline));
        assert_eq!(article.article_type, Some(0));
    }
}

#[test]
fn what_is_no_article_provider_or_contract_is_refused() {
    let mut client = Client::new();
    for article in ["", "BRFG$3e9.zz", "BRFG$3e9.1", "x", "BRFG$7fffffffff.1"] {
        let request = NewsArticleRequest {
            req_id: Some(2),
            provider_code: Some("BRFG".to_owned()),
            article_id: Some(article.to_owned()),
            news_article_options: Vec::new(),
        };
        assert_eq!(refused(&client.ask(request)), (2, 10_172), "{article:?}");
    }
    let refused = |change: fn(&mut HistoricalNewsRequest)| {
        let mut request = asked(10);
        change(&mut request);
        refused(&Client::new().ask(request))
    };
    assert_eq!(refused(|it| it.con_id = Some(77)), (8, 321));
    assert_eq!(refused(|it| it.provider_codes = Some("BRFG+XX".to_owned())), (8, 321));
    assert_eq!(refused(|it| it.provider_codes = None), (8, 321));
    assert_eq!(refused(|it| it.start_date_time = Some("soon".to_owned())), (8, 321));
}

#[test]
fn providers_are_told() {
    let answers = Client::new().ask(NewsProvidersRequest {});
    let [Answer::NewsProviders(told)] = answers.as_slice() else { panic!("{answers:?}") };
    assert_eq!(told.news_providers[0].provider_code.as_deref(), Some("BRFG"));
}

#[test]
fn what_streams_is_what_the_past_then_tells() {
    let mut client = Client::new();
    let contract = lookup::of_number(client.server.world_mut(), 1_001).unwrap();
    let day = Duration::from_secs(86_400);
    let streamed = headlines_between(1, &contract, NOW.before(day), NOW);
    assert!(streamed.len() > 2);
    let request = HistoricalNewsRequest { end_date_time: None, ..asked(300) };
    let (told, _) = past(&mut client, request);
    for (story, told) in streamed.iter().rev().zip(&told) {
        assert_eq!(Some(&story.article), told.article_id.as_ref());
        let tick = story.tick(4);
        let tagged = format!("{{{}}}{}", tick.extra_data.unwrap(), tick.headline.unwrap());
        assert_eq!(Some(&tagged), told.headline.as_ref());
    }
    let newest = latest(1, &contract, &["DJNL"], NOW);
    let told = told.iter().find(|it| it.provider_code.as_deref() == Some("DJNL")).unwrap();
    assert_eq!(Some(&newest[0].article), told.article_id.as_ref());
    assert_eq!(latest(1, &contract, &[], NOW).len(), 8);
    let first = next_headline_after(1, &contract, NOW.before(day)).unwrap();
    assert_eq!(first, streamed[0].at);
}

#[test]
fn bulletins_come_when_exchanges_open_and_close() {
    let mut client = Client::new();
    let answers = client.ask(NewsBulletinsRequest { all_messages: Some(true) });
    assert_eq!(names(&answers), ["NEWS_BULLETINS"; 2]);
    assert_eq!(client.wait(5 * 3_600), []);
    let answers = client.wait(2 * 3_600);
    let [Answer::NewsBulletin(closed)] = answers.as_slice() else { panic!("{answers:?}") };
    assert!(closed.news_message.as_ref().unwrap().ends_with("closed"));
    assert_eq!(client.wait(2 * 86_400), [], "a weekend");
    assert_eq!(names(&client.wait(86_400)), ["NEWS_BULLETINS"; 2]);
    assert_eq!(client.ask(CancelNewsBulletins {}), []);
    assert_eq!(client.wait(3 * 86_400), []);
}
