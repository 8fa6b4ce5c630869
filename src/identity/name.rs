//! Names that look like the bureau's own are not taken from residents: nobody may speak in its name. Compared is
//! what a reader sees (the skeleton of UTS 39: look-alike letters are one), without spaces and punctuation.

use unicode_normalization::UnicodeNormalization as _;
use unicode_security::skeleton;

use crate::app::App;
use crate::config::Config;
use crate::problem::{Code, Problem};

/// Adds to what was checked that the name is somebody's own.
///
/// # Errors
/// What was wrong before; `invalid` for a name that looks like the bureau's.
pub fn own_name<T>(app: &App, name: &str, checked: Result<T, Problem>) -> Result<T, Problem> {
    if !looks_official(&app.config, name) {
        return checked;
    }
    let problem = checked.err().unwrap_or_else(|| Problem::new(Code::Invalid));
    Err(problem.field(
        "name",
        "这个名称容易被当成本机关或工作人员，请填写您自己的姓名、单位或者别名",
        "This name looks like the bureau's or its staff's; please give your own name, organisation or alias",
    ))
}

fn looks_official(config: &Config, name: &str) -> bool {
    let seen = seen(name);
    let own = [&config.site.name, &config.site.sponsor].into_iter().flat_map(|own| [own.as_str(), rest(own)]);
    let mut official = own.chain([config.site.name_en.as_str()]).map(self::seen).filter(|o| !o.is_empty());
    let reserved = config.rules.reserved_names.iter().map(|r| self::seen(r));
    // A surname may hold a short reserved word; only the whole name is refused then.
    official.any(|o| seen.contains(&o)) || reserved.into_iter().any(|r| r == seen)
}

/// 示例市体育局 → 市体育局: who leaves the place out means the same.
fn rest(own: &str) -> &str {
    let at = own.find(['省', '市', '区', '县']).filter(|at| *at > 0);
    // Only a name that goes on after the place tells anything.
    at.map(|at| &own[at..]).filter(|rest| rest.chars().count() > 2).unwrap_or_default()
}

fn seen(name: &str) -> String {
    let plain: String = name.nfkc().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).collect();
    skeleton(&plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bureau_and_its_look_alikes_are_refused_and_people_are_not() {
        let dir = tempfile::tempdir().unwrap();
        let config = Config::in_dir(dir.path()).unwrap();
        for bad in [
            "示例市体育局",
            "示例 市体育局",
            "市体育局",
            "示例市体·育·局办公室",
            "Shili Municipal Sports Bureau",
            "Ѕhіli Munісipal Spоrts Burеau",
            "ＳＨＩＬＩ Municipal Sports Bureau",
            "管理员",
            "ａｄｍｉｎ",
            "аdmin",
        ] {
            assert!(looks_official(&config, bad), "{bad}");
        }
        for good in [
            "",
            "张三",
            "李官方",
            "示例市体育总会",
            "体育爱好者",
            "示例大学体育学院",
            "市民老王",
            "Sports fan",
        ] {
            assert!(!looks_official(&config, good), "{good}");
        }
    }
}
