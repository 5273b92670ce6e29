/// How the page looks: by day and by night, on a telephone and on paper. Gains are red and losses green, as on the
/// boards of China's exchanges; signs and arrows say the same to those who do not tell the colours apart.
let pageStyle = """
    :root{color-scheme:light dark;--paper:#fff;--ink:#1b2430;--soft:#5d6877;--rule:#e4e8ed;--card:#f6f8fa;
    --value:#2258c9;--up:#c9202f;--down:#0b7a4b}
    @media (prefers-color-scheme:dark){:root{--paper:#11151b;--ink:#e5eaf1;--soft:#98a4b4;--rule:#29313c;--card:#191f28;
    --value:#7aaeff;--up:#ff7272;--down:#43cf90}}
    *{box-sizing:border-box}
    body{margin:0 auto;padding:24px 20px 40px;max-width:1080px;background:var(--paper);color:var(--ink);
    font:15px/1.45 system-ui,-apple-system,"Segoe UI","PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;
    font-variant-numeric:tabular-nums}
    h1{font-size:26px;line-height:1.2;margin:0;overflow-wrap:anywhere}h2{font-size:18px;margin:36px 0 10px}
    h3{font-size:13px;font-weight:500;color:var(--soft);margin:14px 0 6px}
    .mode{font-size:13px;font-weight:500;vertical-align:4px;padding:2px 8px;border-radius:9px;
    background:var(--card);border:1px solid var(--rule);color:var(--soft);white-space:nowrap}
    .lead{margin:6px 0 18px}.lead b{font-size:30px;margin-right:10px;font-weight:650}
    .note,small{color:var(--soft)}.note{font-size:13px}.lead .note{margin-left:8px;display:inline-block}
    .up{color:var(--up)}.down{color:var(--down)}
    header dl{display:grid;grid-template-columns:repeat(5,1fr);gap:10px;margin:0}
    header dl div{background:var(--card);border:1px solid var(--rule);border-radius:8px;padding:9px 12px}
    header dt{font-size:12px;color:var(--soft)}header dd{margin:0;font-size:18px;font-weight:600}
    small{font-size:11.5px;display:block}small span{white-space:nowrap}h2 small{font-size:13px;display:inline;font-weight:500}
    svg.chart{display:block;width:calc(100% - 78px);margin:8px 10px 28px 68px;overflow:visible}
    svg.bare{margin-bottom:6px}.grid line{stroke:var(--rule)}
    .chart text{font-size:11.5px;fill:var(--soft)}.grid{text-anchor:end}.dates{text-anchor:middle}
    path{fill:none;vector-effect:non-scaling-stroke;stroke-linejoin:round}
    .value{stroke:var(--value);stroke-width:1.8}.wash{fill:var(--value);opacity:.1}
    .base{stroke:var(--soft);stroke-dasharray:4 4}
    .fall{fill:var(--down);opacity:.18}.fallen{stroke:var(--down);stroke-width:1.2}
    .price{stroke:var(--soft);stroke-width:1.2}
    [id$=buy]{fill:var(--up)}[id$=sell]{fill:var(--down)}defs path{stroke:var(--paper);stroke-width:.8}
    .strips rect{fill:transparent}.strips rect:hover{fill:var(--soft);opacity:.25}
    summary{cursor:pointer;padding:6px 0}details+details{border-top:1px solid var(--rule)}
    .wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:13px}
    th{font-weight:500;color:var(--soft);text-align:left}td,th{padding:4px 8px;white-space:nowrap}
    .trades td,.trades th{border-bottom:1px solid var(--rule)}.n{text-align:right}
    .months{table-layout:fixed;min-width:720px}.months td,.months th{text-align:right;border:1px solid var(--paper)}
    .heat{background:color-mix(in srgb,var(--heat,transparent) var(--much,0%),transparent)}.total{font-weight:600}
    .about{display:grid;grid-template-columns:max-content 1fr;gap:4px 18px;font-size:13px;margin:0}
    .about dt{color:var(--soft)}.about dd{margin:0;overflow-wrap:anywhere}
    @media (max-width:860px){header dl{grid-template-columns:repeat(auto-fit,minmax(150px,1fr))}}
    @media (max-width:600px){body{padding:16px 12px 28px}header dl{grid-template-columns:1fr 1fr}
    .lead b,.lead .note{display:block;margin:0}.dates text:nth-of-type(even){display:none}
    svg.chart{width:calc(100% - 68px);margin-left:60px;margin-right:8px}}
    @media print{:root{--paper:#fff;--ink:#000;--soft:#444;--rule:#ccc;--card:#fff;--value:#2258c9;--up:#c9202f;
    --down:#0b7a4b}body{max-width:none;padding:0 1px;font-size:11px;print-color-adjust:exact}
    header dl{grid-template-columns:repeat(5,1fr)}.wide{overflow:visible}svg.chart,tr,header{break-inside:avoid}h2,summary{break-after:avoid}}
    """

/// The marks of a purchase, below its price, and of a sale, above it.
let pageMarks = """
    <svg width="0" height="0" aria-hidden="true" style="position:absolute"><defs><path id="buy" d="M0 2l5 9h-10z"/>\
    <path id="sell" d="M0-2l5-9h-10z"/><path id="small-buy" d="M0 2l3 5h-6z"/>\
    <path id="small-sell" d="M0-2l3-5h-6z"/></defs></svg>
    """
