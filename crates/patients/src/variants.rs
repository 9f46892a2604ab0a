//! 異体字: characters that the resident register and a receipt computer write differently in the same name.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Each group is one character in the forms that names have; the first is the usual one.
///
/// Source: the forms that 常用漢字表 (内閣告示第2号, 2010) prints in brackets and those of 人名用漢字 (戸籍法施行規則 別表第二の一),
/// as far as names have them; the IBM extensions of CP932 (髙, 﨑, 濵 …), which receipt computers fold to JIS level 1; and the
/// common forms of 辺, 鶴, 柳, 橋 that general knowledge of the 戸籍 has. It is a choice for finding people, no official table: who
/// differs by another character fits but for a letter, and staff say. 斉 and 斎 are two characters.
const GROUPS: &str = "
高髙 崎﨑嵜 辺邊邉 斎齋 斉齊 吉𠮷 浜濱濵 沢澤 広廣 国國 島嶋嶌 桜櫻 竜龍 滝瀧 真眞 恵惠 徳德 栄榮 円圓
亀龜 黒黑 桑桒 曽曾 増增 条條 壮壯 寿壽 実實 与與 万萬 来來 礼禮 豊豐 関關 鉄鐵鐡 鴎鷗 槙槇 遥遙 尭堯
弥彌 峰峯 秋穐龝 富冨 館舘 桧檜 頼賴 瀬瀨 薮藪籔 蔵藏 緑綠 清淸 青靑 橋槗𣘺 郎郞 彦彥 産產 顔顏 兎兔 児兒
収收 団團 仏佛 気氣 学學 応應 聡聰 総總 静靜 浄淨 穂穗 稲稻 穣穰 粋粹 絵繪 継繼 経經 県縣 検檢 剣劍劔
倹儉 厳嚴 芸藝 蛍螢 鴬鶯 侠俠 倶俱 莱萊 蒋蔣 麹麴 涛濤 灯燈 祢禰 秘祕 柳栁桺 柏栢 梅楳 昇曻 間閒 喜㐂
篭籠 舗舖 岳嶽 煕熙凞 騨驒 渓溪 戸戶 叙敍 荘莊 卯夘 凛凜 禄祿 緒緖 薫薰 勲勳 毎每 郷鄕鄉 内內 呉吳 宮宫
寛寬 巣巢 帯帶 強强 徴徵 従從 恒恆 悦悅 拝拜 択擇 挙擧 晩晚 暁曉 横橫 欧歐 歩步 浅淺 渋澁澀 温溫 満滿
瑶瑤 禅禪 祷禱 粛肅 糸絲 縁緣 舎舍 衛衞 覚覺 観觀 誉譽 読讀 賛贊 転轉 軽輕 釈釋 銭錢 鋭銳 録錄 鎌鐮 鎮鎭
隠隱 霊靈 頴穎 顕顯 餅餠 駆驅 鶴靏靍靎 麦麥 黄黃 黙默 亜亞 栃杤 塩鹽 枡桝 鯵鰺 壷壺 閲閱 為爲 偽僞 圧壓
伝傳 会會 価價 仮假 両兩 並竝 乗乘 予豫 争爭 余餘 労勞 勧勸 区區 単單 即卽 参參 双雙 台臺 奥奧 宝寶 将將
専專 尽盡 属屬 巻卷 庁廳 廃廢 当當 径徑 恋戀 戦戰 戯戲 担擔 抜拔 捜搜 掲揭 摂攝 数數 断斷 旧舊 昼晝 桟棧
楽樂 様樣 権權 歓歡 残殘 殴毆 殻殼 滞滯 湿濕 焼燒 犠犧 状狀 狭狹 猟獵 献獻 独獨 画畫 発發 砕碎 研硏 穏穩
窃竊 聴聽 茎莖 薬藥 虚虛 虫蟲 蚕蠶 装裝 訳譯 証證 謡謠 譲讓 辞辭 逓遞 遅遲 酔醉 醸釀 険險 随隨 雑雜 鶏鷄
点點 党黨 歯齒 巌巖 晋晉
";

static USUAL: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let mut usual = HashMap::new();
    for group in GROUPS.split_whitespace() {
        let mut forms = group.chars();
        let first = forms.next().unwrap_or_default();
        for form in forms {
            usual.entry(form).or_insert(first);
        }
    }
    usual
});

/// The usual form of a character.
pub(crate) fn usual(c: char) -> char {
    USUAL.get(&c).copied().unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;
    use unicode_normalization::UnicodeNormalization as _;

    #[test]
    fn no_character_is_in_two_groups_or_folded_before() {
        let mut seen = HashSet::new();
        for group in GROUPS.split_whitespace() {
            assert!(group.chars().count() > 1, "{group} has one form");
            for form in group.chars() {
                assert!(seen.insert(form), "{form} is there twice");
                assert!(
                    form.nfkc().eq([form]),
                    "{form} is another character before it is looked up"
                );
            }
        }
    }
}
