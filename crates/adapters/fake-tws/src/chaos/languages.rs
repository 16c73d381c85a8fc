//! The texts of errors and notices as a TWS in another language tells them: the same code, other words.
//!
//! What stands behind the first colon is kept: names of farms, reasons and orders' numbers come from elsewhere and are not
//! translated there either. Left out: translations that anybody should learn a language from.

use serde::Deserialize;

/// The language of a TWS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// As everywhere else here.
    #[default]
    English,
    /// German.
    German,
    /// French.
    French,
    /// Spanish.
    Spanish,
    /// Chinese, simplified.
    Chinese,
    /// Japanese.
    Japanese,
}

/// One text: German, French, Spanish, Chinese, Japanese.
type Row = (&'static [i32], [&'static str; 5]);

const ROWS: &[Row] = &[
    (
        &[100],
        [
            "Maximale Anzahl von Nachrichten pro Sekunde überschritten",
            "Le nombre maximal de messages par seconde a été dépassé",
            "Se ha superado el número máximo de mensajes por segundo",
            "已超过每秒消息的最大数量",
            "1秒あたりの最大メッセージ数を超えました",
        ],
    ),
    (
        &[101],
        [
            "Die maximale Anzahl von Tickern wurde erreicht",
            "Le nombre maximal de tickers a été atteint",
            "Se ha alcanzado el número máximo de tickers",
            "已达到最大行情数量",
            "ティッカーの最大数に達しました",
        ],
    ),
    (
        &[103],
        [
            "Doppelte Order-ID",
            "Identifiant d'ordre en double",
            "Id. de orden duplicado",
            "订单编号重复",
            "注文IDが重複しています",
        ],
    ),
    (
        &[110],
        [
            "Der Preis entspricht nicht der minimalen Preisabweichung für diesen Kontrakt.",
            "Le prix n'est pas conforme à la variation minimale de prix de ce contrat.",
            "El precio no se ajusta a la variación mínima de precio de este contrato.",
            "该价格不符合此合约的最小价格变动要求。",
            "価格がこの銘柄の最小変動幅に一致しません。",
        ],
    ),
    (
        &[162, 165],
        [
            "Fehlermeldung des Dienstes für historische Marktdaten",
            "Message d'erreur du service de données historiques",
            "Mensaje de error del servicio de datos históricos de mercado",
            "历史市场数据服务错误信息",
            "過去の市場データサービスのエラーメッセージ",
        ],
    ),
    (
        &[200],
        [
            "Für die Anfrage wurde keine Wertpapierdefinition gefunden",
            "Aucune définition de titre n'a été trouvée pour la demande",
            "No se ha encontrado ninguna definición de valor para la solicitud",
            "未找到该请求的证券定义",
            "リクエストに対する銘柄の定義が見つかりません",
        ],
    ),
    (
        &[201],
        [
            "Order abgelehnt - Grund",
            "Ordre rejeté - motif",
            "Orden rechazada - motivo",
            "定单被拒绝 - 原因",
            "注文は拒否されました - 理由",
        ],
    ),
    (
        &[202, 161, 10_147, 10_148],
        [
            "Order storniert - Grund",
            "Ordre annulé - motif",
            "Orden cancelada - motivo",
            "定单已取消 - 原因",
            "注文はキャンセルされました - 理由",
        ],
    ),
    (
        &[321, 322],
        [
            "Fehler bei der Prüfung der Anfrage",
            "Erreur lors de la validation de la demande",
            "Error al validar la solicitud",
            "验证请求时出错",
            "リクエストの検証エラー",
        ],
    ),
    (
        &[326],
        [
            "Verbindung nicht möglich, da die Client-ID bereits verwendet wird. Bitte mit einer eindeutigen Client-ID erneut versuchen.",
            "Connexion impossible car l'identifiant client est déjà utilisé. Réessayez avec un identifiant unique.",
            "No es posible conectar porque el id. de cliente ya está en uso. Inténtelo de nuevo con un id. único.",
            "客户号已被使用，无法连接。请使用唯一的客户号重试。",
            "クライアントIDはすでに使用されているため接続できません。別のIDで再試行してください。",
        ],
    ),
    (
        &[354, 10_089, 10_090, 10_167],
        [
            "Die angeforderten Marktdaten sind nicht abonniert.",
            "Les données de marché demandées ne font pas l'objet d'un abonnement.",
            "No está suscrito a los datos de mercado solicitados.",
            "所请求的市场数据未订阅。",
            "要求された市場データは購読されていません。",
        ],
    ),
    (&[399], ["Ordermeldung", "Message d'ordre", "Mensaje de la orden", "定单信息", "注文メッセージ"]),
    (
        &[1100, 2110],
        [
            "Die Verbindung zwischen IB und der Trader Workstation wurde unterbrochen.",
            "La connectivité entre IB et Trader Workstation a été perdue.",
            "Se ha perdido la conectividad entre IB y Trader Workstation.",
            "IB与交易平台之间的连接已断开。",
            "IBとトレーダー・ワークステーション間の接続が失われました。",
        ],
    ),
    (
        &[1101],
        [
            "Die Verbindung zwischen IB und der Trader Workstation wurde wiederhergestellt - Daten verloren.",
            "La connectivité entre IB et Trader Workstation a été rétablie - données perdues.",
            "Se ha restablecido la conectividad entre IB y Trader Workstation - datos perdidos.",
            "IB与交易平台之间的连接已恢复 - 数据丢失。",
            "IBとトレーダー・ワークステーション間の接続が復旧しました - データは失われました。",
        ],
    ),
    (
        &[1102],
        [
            "Die Verbindung zwischen IB und der Trader Workstation wurde wiederhergestellt - Daten erhalten",
            "La connectivité entre IB et Trader Workstation a été rétablie - données conservées",
            "Se ha restablecido la conectividad entre IB y Trader Workstation - datos mantenidos",
            "IB与交易平台之间的连接已恢复 - 数据已保留",
            "IBとトレーダー・ワークステーション間の接続が復旧しました - データは維持されています",
        ],
    ),
    (
        &[2103],
        [
            "Verbindung zur Marktdatenfarm ist unterbrochen",
            "La connexion à la ferme de données de marché est interrompue",
            "La conexión con la granja de datos de mercado está interrumpida",
            "市场数据场连接断开",
            "市場データファームへの接続が切断されました",
        ],
    ),
    (
        &[2104],
        [
            "Verbindung zur Marktdatenfarm ist OK",
            "La connexion à la ferme de données de marché est OK",
            "La conexión con la granja de datos de mercado es correcta",
            "市场数据场连接正常",
            "市場データファームへの接続は正常です",
        ],
    ),
    (
        &[2105],
        [
            "Verbindung zur HMDS-Datenfarm ist unterbrochen",
            "La connexion à la ferme de données HMDS est interrompue",
            "La conexión con la granja de datos HMDS está interrumpida",
            "历史市场数据服务数据场连接断开",
            "HMDSデータファームへの接続が切断されました",
        ],
    ),
    (
        &[2106],
        [
            "Verbindung zur HMDS-Datenfarm ist OK",
            "La connexion à la ferme de données HMDS est OK",
            "La conexión con la granja de datos HMDS es correcta",
            "历史市场数据服务数据场连接正常",
            "HMDSデータファームへの接続は正常です",
        ],
    ),
    (
        &[2157],
        [
            "Verbindung zur Sec-def-Datenfarm ist unterbrochen",
            "La connexion à la ferme de données Sec-def est interrompue",
            "La conexión con la granja de datos Sec-def está interrumpida",
            "证券定义数据场连接断开",
            "Sec-defデータファームへの接続が切断されました",
        ],
    ),
    (
        &[2158],
        [
            "Verbindung zur Sec-def-Datenfarm ist OK",
            "La connexion à la ferme de données Sec-def est OK",
            "La conexión con la granja de datos Sec-def es correcta",
            "证券定义数据场连接正常",
            "Sec-defデータファームへの接続は正常です",
        ],
    ),
    (
        &[10_197],
        [
            "Keine Marktdaten während einer konkurrierenden Live-Sitzung",
            "Pas de données de marché pendant une session réelle concurrente",
            "No hay datos de mercado durante una sesión real simultánea",
            "竞争性真实交易会话期间无市场数据",
            "競合するライブセッション中は市場データがありません",
        ],
    ),
];

/// What is said of every code that has no row.
const OTHERS: [&str; 5] = ["Meldung", "Message", "Mensaje", "信息", "メッセージ"];

impl Language {
    const fn column(self) -> Option<usize> {
        match self {
            Self::English => None,
            Self::German => Some(0),
            Self::French => Some(1),
            Self::Spanish => Some(2),
            Self::Chinese => Some(3),
            Self::Japanese => Some(4),
        }
    }

    /// The text of a code in this language; `english` is what it says in English.
    pub(crate) fn tell(self, code: i32, english: &str) -> String {
        let Some(column) = self.column() else { return english.to_owned() };
        let row = ROWS.iter().find(|(codes, _)| codes.contains(&code)).map(|(_, row)| row);
        let details = english.split_once(':').map_or("", |(_, details)| details);
        let text = row.unwrap_or(&OTHERS).get(column).copied().unwrap_or_default();
        if details.is_empty() { text.to_owned() } else { format!("{text}:{details}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_details_stay_and_the_words_change() {
        let farm = "Market data farm connection is OK:usfarm";
        assert_eq!(Language::German.tell(2104, farm), "Verbindung zur Marktdatenfarm ist OK:usfarm");
        assert_eq!(Language::Chinese.tell(201, "Order rejected - reason:x"), "定单被拒绝 - 原因:x");
        assert_eq!(Language::Japanese.tell(77, "Some message"), "メッセージ");
        assert_eq!(Language::English.tell(2104, farm), farm);
    }

    #[test]
    fn no_code_stands_twice() {
        let mut codes: Vec<i32> = ROWS.iter().flat_map(|(codes, _)| codes.iter().copied()).collect();
        codes.sort_unstable();
        assert!(codes.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
