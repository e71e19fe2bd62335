# 当直画面の文言。キーと変数は両言語で同じ（試験で確認する）。用語は docs/glossary.md に従う。

## Start and sign-in
starting = 起動中…
retrying = 再試行しています…
loading = 読み込み中…
connecting = ノードに接続中…
signin-title = サインイン
signin-how = 入室には、このノードの管理者が氏名と席を指定して発行する一回限りのリンクが必要です。管理者に依頼するか、ノードの端末で発行してください。
signin-demo = デモでは、ステージのアドレスを開けば両方の画面に自動で入れます。
sign-out = サインアウト
sign-out-ask = 再び入るには、新しい一回限りのリンクが必要です。
done = { $what }
dismiss = 閉じる
close-dialog = 閉じる
cancel = 取りやめ
error-unknown = この画面で異常が発生しました。再読み込みしてください。
error-offline = ノードが応答しません。ノードの稼働とこの端末からの到達を確認してください。
error-garbled = ノードの応答を読み取れません。画面と版が異なる可能性があります。再読み込みしてください。
error-http = ノードが受け付けませんでした（HTTP { $status }）。

## Bars
partition-exercise = 訓練
partition-simulation = 模擬
partition-real = 実運用
nation-JPN = 日本
nation-USA = 米国
side-JPN = 日本側
side-USA = 米側
side-own = 自側
nav-label = 画面
screen-picture = 状況図
screen-incidents = 事案
screen-exchange = 提供・回線
screen-feeds = 入力源
urgent-count = 要対応 { $n } 件
line-down = ノード応答なし { $age }
line-open = 接続中
line-connecting = 接続しています
line-reconnecting = 再接続中
line-refused = 接続拒否
link-up-chip = 回線 { $partner } · { $lag } ms
link-up-title = 連接 { $age }
link-down-chip = 回線断 { $age } · 送信待ち { $queued }
feed-late-chip = { $name } 遅延 { $age }
feed-silent-chip = { $name } 受信なし
store-bad-chip = 記録異常
language-switch = 日本語 / English
theme-switch = 明暗の切替
counterparts = 当直者
seat-since = { $time } から
session-title = 現在のセッション
session-person = 氏名
session-role = 役割
session-seat = 席
seat-take = 席に就く
seat-take-ask = あなたの席には別の者が就いています。席に就くと他方にも通知されます。
seat-vacant = 空席
seat-take = 上番する：{ $seat }
seats-none = 席の通知は未受領
as-of = { $time }Z 現在

## Roles
role-commander = 指揮官
role-watch-officer = 先任当直幕僚
role-j2 = 情報幕僚
role-j3 = 運用幕僚
role-j4 = 後方幕僚
role-j5 = 計画幕僚
role-release-officer = 対外提供審査官
role-liaison = 連絡官
role-auditor = 監査担当
role-administrator = 管理者
role-observer = 閲覧者

## Keys
help-title = 操作キーと凡例
help-screens = 四つの画面
help-search = 名称・呼出符号・呼称番号などで検索
help-next = 次／前の航跡
help-centre = 選択中の航跡を地図の中央へ
help-incident = 航跡の事案へ、なければ事案登録
help-release = 提供の内容とその理由
help-table = 狭い画面で一覧を表示／非表示
help-escape = 戻る、または選択解除
help-help = この画面
help-limits = 航海用ではありません。本システムは武器の照準に用いず、国境を越えて命令を出しません。
legend = 凡例
legend-surface = 船舶（針路の向き）
legend-air = 航空機
legend-unknown = 識別未了
legend-partner = 括弧：{ $side }からの提供のみ
legend-stale = 輪郭表示：更新遅延
legend-lost = 淡色：失探
legend-violet = 紫：通常と異なる提供
legend-unit = 部隊・基地・チーム

## Track table
table-title = 航跡
close-table = 一覧を閉じる
search-label = 航跡の検索
search-placeholder = 名称・呼出符号・呼称番号・MMSI… ( / )
filters-label = 表示する種別（一覧と地図）
filter-surface = 船舶
filter-air = 航空機
filter-units = 部隊
filter-partner = 提供のみ
filter-exception = 例外
filter-in-view = 図内
column-mark = 記号
column-name = 名称
column-alias = 呼称
column-speed = kn
column-age = 経過
tracks-none = 航跡はまだありません
tracks-loading = 状況図を待っています…
tracks-no-match = 該当する航跡なし
tracks-no-match-how = 検索語または絞り込みを解除してください。

## Map
map-label = 地図
map-source = 海岸線：Natural Earth　航海用ではない
map-hidden = 絞り込みにより { $n } 件を非表示
map-show-all = すべて表示
frozen-title = 状況図は古いものです
frozen-text = ノードが { $age } 応答していません。再接続中…
link-down-title = 回線断
partner-as-of = 提供された状況図は { $time } 現在（{ $age } 経過）
partner-never = 提供はまだ受けていません
coordinate-style = 位置の表記を変更
coordinates-dms = 度分秒
coordinates-decimal = 十進
coordinates-mgrs = MGRS
zoom-in = 拡大
zoom-out = 縮小
webgl-none-title = このブラウザでは地図を描けません
webgl-none-text = 地図には WebGL 2 が必要です。ハードウェアアクセラレーションを有効にするか、別のブラウザを使用してください。一覧・事案などはそのまま使えます。
webgl-lost-title = 地図の描画が失われました
webgl-lost-text = 描画装置が地図のメモリを解放しました。一覧に欠落はありません。再描画してください。
webgl-again = 地図を再描画
webgl-starting = 準備中
webgl-ok = WebGL 2 使用中
webgl-none = 使用不可
webgl-lost = 喪失

## Attention
attention-title = 要対応
bell-on = 音 入
bell-off = 音 切
bell-title = 新しい警報の音
attention-none = 要対応はありません
attention-zone-entered = { $name }：{ $zone }に区域進入
attention-emergency = { $name }：緊急状態の通報
attention-duplicate-identity = { $name }：同一識別符号を二か所で受信
attention-zone-left = { $name }：{ $zone }から区域退出（滞在 { $minutes } 分）
attention-zone-dwelt = { $name }：{ $zone }に { $minutes } 分滞留
attention-close-approach = { $name }・{ $other }：針路速力不変の場合 { $minutes } 分後に { $distance_nm } 海里まで接近
attention-rendezvous = { $name }・{ $other }：{ $distance_m } m以内で { $minutes } 分会合
attention-loitering = { $name }：平均 { $speed_kn } ノットで { $minutes } 分低速滞留
attention-unheard = { $name }：{ $minutes } 分間受信なし（予想位置周辺の { $count } 隻は受信中）
attention-source-silent = 受信源 { $feed }：{ $minutes } 分間受信なし
attention-impossible-jump = { $name }：{ $minutes } 分以内に { $distance_nm } 海里離れた位置を通報
attention-identity-changed = { $name }：{ $field }が「{ $before }」から「{ $after }」に変更
attention-poor-navigation = 同一空域の航空機 { $all } 機中 { $count } 機が衛星航法の精度低下を通報
attention-turned = { $name }：針路が { $before } から { $after } に変化
attention-speed-changed = { $name }：速力が { $before } から { $after } ノットに変化
attention-destination-changed = { $name }：目的地が「{ $before }」から「{ $after }」に変更
attention-reported = { $name }：当直者による報告
attention-identity-differs = { $name }：識別区分が{ $partner }と相違
attention-answer-wanted = { $name }：第 { $version } 版への回答待ち
attention-referred-up = { $name }：第 { $version } 版を { $to } に上申中
attention-task-wanted = { $name }：合意成立、自国任務の付与待ち
attention-unconfirmed = { $name }：{ $partner }の署名保有確認が未着
attention-declined = { $name }：第 { $version } 版は不同意
attention-lapsed = { $name }：第 { $version } 版は期限内回答なし
acknowledge = 受領確認
to-incident = 事案

## Inspector
inspector-title = 航跡
deselect = 選択解除
track-gone = この航跡は状況図から外れました。
summary-title = 現在の状況図
summary-hint = 地図または一覧で航跡を選択してください。
held-own = 自側の入力源のみ
held-both = 日米双方が報告
held-partner = 提供のみ
fresh-live = 更新中
fresh-stale = 更新遅延
fresh-lost = 失探
domain-surface = 水上
domain-air = 航空
domain-land = 陸上
domain-installation = 施設
domain-other = その他
emergency-reported = 緊急状態
emergency-distress = 遭難
emergency-unlawful-interference = 不法干渉（7500）
emergency-radio-failure = 通信機故障（7600）
emergency-general-emergency = 緊急（7700）
emergency-cot-emergency = 緊急（チーム）
emergency-as-reported = 発信局の通報による
duplicate-identity = 同じ識別符号が別の場所でも受信されています。
field-position = 位置
field-course = 針路
field-speed = 速力
field-age = 経過
field-accuracy = 精度 1σ
no-position = 位置未受信
identity-title = 識別区分（各国の判断）
identity-differs = 日米で相違
identity-by-rule = 規則による
identity-by-person = 担当者による
identity-default = 既定値（判断なし）
identity-partner-none = 判断の通知なし
identity-state = 識別区分を付与
identity-hours = 有効時間（時）
identity-note = 自国としての判断であり、付与者・理由・期限を伴います。他方の判断は変わりません。
affiliation = 識別区分
affiliation-pending = 未判定
affiliation-unknown = 不明
affiliation-assumed-friend = 推定友軍
affiliation-friend = 友軍
affiliation-neutral = 中立
affiliation-suspect = 要注意
affiliation-hostile = 敵
reason-ja = 理由（日本語）
reason-en = 理由（英語）
until = { $time }Z まで
sources-title = 情報源
sources-none = 情報源の表示なし
no-name-given = 名乗りなし（レーダー）：何であるかを示さないセンサによる探知
no-name-contact = { $kind }・名乗りなし（レーダー）
one-with = 同一のものと判断:
source-withheld = 情報源は不提供
release-title = { $side }への提供
release-not-ours = この航跡に自側の情報はなく、提供のみで成り立っています。
release-exception = 通常と異なる提供
tier-existence = 存在
tier-coarse = 概略位置
tier-full = 詳細運動
tier-identity = 識別情報
tier-source = 情報源
tier-sent = 提供
tier-held = 不提供
preview-title = { $side }に見えている内容
preview-nothing = なし（この航跡は存在も提供していません）
facts-title = 発信内容
field-identity = 識別符号
field-type = 船種
field-team = チーム
field-cot-type = CoT 種別
field-destination = 仕向地
field-size = 寸法
field-imo = IMO
field-squawk = スコーク
field-nav-status = 航海状態
field-first-seen = 初探知
field-number = 自側番号
field-label = 秘区分
field-releasable = 提供先
class-unclassified = 区分なし
class-restricted = 注意
class-confidential = 秘
class-secret = 極秘
class-top-secret = 機密
ship-type = { $type ->
    [cargo] 貨物船
    [tanker] タンカー
    [passenger] 旅客船
    [fishing] 漁船
    [tug] 曳船
    [military] 軍艦等
    [pleasure] プレジャーボート
    [pilot] 水先船
    [rescue] 捜索救難
    [law] 法執行船
    [fast] 高速船
   *[other] その他
}
nav-status = { $code ->
    [0] 航行中
    [1] 錨泊中
    [2] 運転不自由
    [3] 操縦性能制限
    [4] 喫水制限
    [5] 係留中
    [6] 乗揚げ
    [7] 漁ろう中
    [8] 帆走中
    [14] AIS-SART
   *[other] 符号 { $code }
}

## Timeline
timeline-title = 時系列
timeline-span = 時系列の長さ
live = 現況
not-live = 現況ではない
mark-distress = 遭難
mark-alert = 警報
mark-notice = 通知
mark-acknowledged = 受領確認
mark-agreed = 合意
mark-tasked = 自国任務付与
mark-deadline = 回答期限

## Playback
playback-title = 再生
playback-mark = 再生
playback-window = 再生する期間
playback-hours = 過去{ $n }時間
playback-own = 期間指定
playback-from = 開始（UTC）
playback-to = 終了（UTC）
playback-show = 表示
playback-loading = 履歴を読込中
playback-cancel = 中止
playback-empty = この期間の履歴はありません
playback-choose = 期間を選んでください。航跡一覧と警報は現況のままです。
playback-held = { $tracks }航跡、{ $points }点、{ $step }秒ごとに1点
playback-cut = 一部のみ表示：より短い期間を選んでください
playback-back = 現況に戻る
playback-play = 再生
playback-pause = 一時停止
playback-step-back = 1つ戻る
playback-step-on = 1つ進む
playback-speed = 速度
playback-scrub = 表示時刻
playback-ago = { $age }前
help-play = 過去の再生。再生中は再生／一時停止
help-play-step = 再生中：1つ戻る／進む
help-live = 現況に戻る

## Layers
layers-title = 参考図
layers-indicative = 参考表示（法的境界ではない）
layers-none = 取り込まれた参考図はありません。管理者が「renkei zone import」で追加します。
layers-no-licence = 利用条件の記載なし
layers-shapes = 図形{ $n }

## Incidents
incident-list = 事案
incidents-none = 事案はありません
incidents-none-how = 監視区域への進入や遭難通報があれば自動で登録されます。航跡を選んで I を押せば手動で登録できます。
incident-withheld = 提供していません
incident-unpaired = 他方の事案とはまだ対になっていません。
occurrence-zone-entered = { $zone }に区域進入
occurrence-duplicate-identity = 同一識別符号を二か所で受信
occurrence-zone-left = { $zone }から区域退出
occurrence-zone-dwelt = { $zone }に滞留
occurrence-close-approach = 二隻の接近予測
occurrence-rendezvous = 二隻の会合
occurrence-loitering = 長時間の低速滞留
occurrence-unheard = 受信途絶（周辺の船舶は受信中）
occurrence-source-silent = 受信源の無音
occurrence-impossible-jump = 到達し得ない位置からの通報
occurrence-identity-changed = 識別情報の変更
occurrence-poor-navigation = 空域における衛星航法の精度低下
occurrence-movement-changed = 針路・速力・目的地の変化
state-reported = 報告
state-acknowledged = 受領確認
state-options = 対応案
state-decided = 合意
state-tasked = 任務付与
state-closed = 終結
open-incident = 事案登録
open-incident-about = { $name } について。事実のみを両言語で記述してください。
text-ja = 本文（日本語）
text-en = 本文（英語）
show-on-map = 地図で見る
close-incident = 事案を終結
draft-option = 対応案を起案
time-t0 = 探知
time-t1 = 受信
time-t2 = 自側表示
time-t3 = 他方表示
time-t4 = 受領確認
time-t5 = 提示
time-t6 = 双方署名
time-t7 = 任務付与
log-title = クロノロジー
log-node = 自動
log-none = 記録はまだありません
note-placeholder = 経過を記入
note-write = 記入
tasks-title = 自国指揮系統における任務
task-own = 任務

## Options and signatures
options-none = 対応案はまだありません
options-none-how = 事前合意の対応案から起案します。双方が同じ文に署名します。
option-by = 対応案（{ $side }起案）
language-en = English
language-ja = 日本語
versions = 版
version-void = 第 { $n } 版に置き換えられました。この文への双方の署名は無効です。
outcome-draft = 起案中（未提示）
outcome-open = 提示中
outcome-agreed = 合意成立
outcome-agreed-with-caveat = 条件付きで合意
outcome-not-agreed = 不同意
outcome-lapsed = 期限内回答なし
outcome-superseded = 無効
translation-phrases = 両言語とも事前合意の定型文から作成
translation-person = 他方の言語は { $name } が作成・確認
action-own-chain = の行動（自国の指揮系統による）
action-of = { $side }の行動
other-phrases = その他の定型文（{ $n }）
common-text = 双方が署名する本文
standing-option = 事前合意の対応案
free-text = 自由記述（両言語）
free-text-blocks = 自由記述には両言語の文と確認者の氏名が必要です。揃うまで保存できません。
translator = 作成・確認者
deadline-minutes = 回答期限（分）
save-draft = 起案を保存
save-version = 第 { $n } 版として保存
offer = 提示
edit = 修正
counter-offer = 対案を作成
edit-voids = 修正すると新しい版になり、この版への双方の署名は無効になります。
edit-voids-both = 保存すると第 { $n } 版になります。現在の版への双方の署名は無効になります。
task = 自国任務を付与
approve = 承認
concur = 同意
answer-agree = 同意
answer-caveat = 条件付同意
answer-refer-up = 上申
answer-decline = 不同意
answer-note = { $person} としてこの文に署名します。取り消しはできません。
answer-note-refer = { $person } が上位の席に上申します。署名ではありません。無回答は同意を意味しません。
refer-to = 上申先
verdict-approved = 承認
verdict-concurred = 同意
verdict-caveat = 条件付同意
verdict-refer-up = 上申中
verdict-decline = 不同意
verdict-lapsed = 期限内回答なし
rung-written = 起案
rung-received = 受領
rung-not-offered = 未提示
rung-unsigned = 未署名
rung-signature = 署名
rung-waiting = 回答待ち
rung-holding = 双方署名
rung-held = 双方の署名を保有
rung-not-held = 双方の署名は未保有
rung-not-confirmed = 保有の確認は未受領
rung-task = 自国任務
rung-tasked = 任務付与済み
rung-not-tasked = 任務未付与
signature-under = 署名対象
signature-record = 署名記録
signature-void = 無効
deadline-in = 期限 { $time }Z（残り { $left }）
deadline-past = 期限 { $time }Z（{ $ago } 超過）
why-no-offer = この席には事案登録・対応案提示の権限がありません。
why-no-approve = この席には承認・同意の権限がありません。
why-no-task = この席には任務付与の権限がありません。
why-no-state-identity = この席には識別区分を付与する権限がありません。
why-no-release = この席には提供保留の審査権限がありません。
why-not-offered = まだ提示されていません。
why-offered = 既に提示されています。
why-void = 新しい版に置き換えられました。
why-settled = 既に結論が出ています。
why-answered = 自側は回答済みです。署名は取り消せません。
why-both-signatures = 双方の署名がまだ揃っていません。
why-tasked = 自国任務は付与済みです。
why-not-acknowledged = 先に受領確認を行ってください。

## What was done
command-acknowledge = 受領確認しました
command-open-incident = 事案を登録しました
command-draft = 起案を保存しました
command-edit = 新しい版を保存しました
command-offer = 提示しました
command-answer = 回答に署名しました
command-task = 自国任務を付与しました
command-close = 事案を終結しました
command-state-identity = 識別区分を付与しました
command-take-seat = 着席しました
command-note = 記入しました

## Exchange
link-title = 回線
link-up = 連接中：{ $partner }
link-down = 回線断：{ $partner }
link-none = 連接先は設定されていません
link-since = 開始
link-lag = 遅れ
link-as-of = 最終受信
link-error = 直近の異常
queue-title = 送信待ち
queue-note = 決定が最優先です。観測は最新の値だけを保持します。
class-queue-0 = 制御
class-queue-1 = 決定・提供取消
class-queue-2 = 警報・事案
class-queue-3 = 観測
class-queue-4 = 文書・履歴
rules-title = 規則別の提供・不提供
rules-none = 適用された規則はまだありません
column-rule = 規則
column-tier = 段階
column-reason = 理由
column-time = 時刻
column-sent = 提供（この段階まで）
column-held = 不提供（この段階から）
held-from = { $tier }から不提供
column-tiers = 段階
recent-title = 直近の提供
recent-none = 提供はまだありません
withheld-title = 不提供
withheld-none = 不提供のものはありません
theirs-title = { $side }に見えている自側の情報
theirs-own = 自側の入力源による航跡
theirs-sent = うち提供しているもの
theirs-less = うち通常より少ない提供
theirs-given = 提供を受けている航跡
theirs-of = { $name }（提供された形）
theirs-hint = 状況図の画面で航跡を選ぶと、提供された形をここに表示します。

## Policies
policy-none = 該当する取決めなし

## Preview fields
preview-alias = 呼称番号
preview-domain = 種別
preview-position = 位置
preview-sd = 精度 1σ
preview-time = 時刻
preview-course = 針路
preview-speed = 速力
preview-name = 名称
preview-callsign = 呼出符号
preview-identities = 識別符号
preview-feeds = 情報源

## Feeds and health
feeds-title = 入力源
feeds-none = 入力源は設定されていません
feed-live = 受信中
feed-late = 遅延
feed-waiting = 待機
feed-finished = 終了
feed-down = 断
feed-clock-slow = 時計が{ $s }秒遅れ（±{ $sure }秒）、時刻を補正中
feed-clock-fast = 時計が{ $s }秒進み（±{ $sure }秒）、時刻を補正中
feed-clock-by-arrival = 到着時刻による
feed-clock-by-told = 電文中のUTCによる
feed-clock-right = 時計は{ $at }Zから正常に復帰
column-state = 状態
column-address = アドレス
column-rate-graph = 直近一分
column-rate = 受信率
column-last = 最終
column-accepted = 採用
column-rejected = 棄却
samples-none = 標本はありません
connect-title = 手元の受信機をつなぐ
connect-how = 受信機の出力先を上の入力源のアドレスにするか、記録を再生してください。
connect-file = ファイル
reject-checksum = チェックサム不一致
reject-length = 長さ不正
reject-format = 書式不正
reject-garbage = 電文ではない
reject-position = 位置が範囲外
reject-timeout = 分割電文の欠落
reject-unsupported = 未使用の種別
reject-clock = 時計
refused-title = 他方から受け付けなかったもの
health-title = ノードとブラウザ
health-node = ノード
health-name = 名称
health-partition = 区画
health-tracks = 航跡
health-uptime = 稼働時間
health-clock = 時計
clock-unknown = 未測定
clock-offset = 他方との差 { $ms } ms
clock-note = 回答期限は、それぞれの側の時計で判定します。
health-store = 記録
store-ok = 書込み・同期正常
store-bad = 書込み不可
health-browser = このブラウザ
browser-line = ノードとの接続
browser-webgl = 地図
browser-frames = 受信フレーム
browser-skipped = 省略フレーム
browser-rejects = 読取り不可：

## Stage
stage-steps = 物語の段階
stage-next = 次へ
stage-again = もう一度
stage-pause = 一時停止
stage-play = 続ける
stage-human = 自分で操作する
stage-cut = 回線を切る
stage-heal = 回線を復旧
stage-waits = 操作を待っています（下の画面で操作）
stage-paused = 一時停止中
stage-plays = 自動で進みます
stage-goes-on = { $s } 秒後に次へ
stage-watch-title = 当直
stage-watch-text = 宮古海峡とその周辺。左右はそれぞれ独立した司令部の当直画面で、題名の下の帯に他方の当直者が出ています。
stage-zone-entry-title = 区域進入
stage-zone-entry-text = 双方の画面に警報が出ます。識別区分は各国がそれぞれ判断し、相違は平均せずそのまま示します。
stage-why-withheld-title = なぜ見えないのか
stage-why-withheld-text = ある情報源は不提供です。保有側には規則と理由が見え、他方に見えるのは下見の内容だけで、欠番もありません。
stage-standing-option-title = 対応案とその修正
stage-standing-option-text = 平素に合意した対応案を起案し、修正します。修正は新しい版となり、前の文への双方の署名は無効になります。
stage-concur-title = 他方の同意
stage-concur-text = あなたは米側指揮官です。本文とハッシュを確かめ、同意します。双方の署名が揃えば、各々が自国に任務を付与します。
stage-cut-title = 回線断
stage-cut-text = 経過時間が伸び、提供された航跡は輪郭表示となり、何時現在かが地図に出ます。双方の業務は続きます。
stage-heal-title = 回線復旧
stage-heal-text = まず決定、次に警報、そして状況図が古い順に届きます。失われるものも、二重に起こることもありません。
stage-flip-byte-title = 一バイトの改変
stage-flip-byte-text = 台帳の写しの一バイトを変えます。検証がファイルと箇所を名指しします。
stage-connect-receiver-title = 受信機をつなぐ
stage-connect-receiver-text = AIS・Beast・TAK の出力を入力源画面のアドレスへ送ると、実データの印を付けて訓練の状況図に現れます。

## 事案を伴わない警報とその根拠
notice-escalate = 事案登録
notice-false = 誤警報
notice-false-ask = 誤警報とする理由
notice-reason = 警報の根拠
notice-rests-on = 規則：{ $rule }、設定値 { $preset }、{ $from }Zから{ $until }Z
notice-measured = 実測：{ $what }
notice-thresholds = しきい値：{ $what }
rule-zone-entered = 区域進入
rule-zone-left = 区域退出
rule-zone-dwelt = 区域内滞留
rule-close-approach = 接近予測
rule-rendezvous = 会合
rule-loitering = 低速滞留
rule-unheard = 受信途絶
rule-source-silent = 受信源無音
rule-emergency = 緊急状態の通報
rule-duplicate-identity = 識別符号の重複
rule-impossible-jump = 位置跳躍
rule-identity-changed = 識別情報の変更
rule-poor-navigation = 衛星航法の精度低下
rule-movement-changed = 動静変化
figure-fixes = 測位数
figure-inside-ms = 区域内時間
figure-distance-m = 距離
figure-within-ms = 期間
figure-in-ms = 所要時間
figure-range-m = 現在距離
figure-closing-ckn = 相対速力
figure-for-ms = 継続時間
figure-offshore-m = 離岸距離
figure-speed-ckn = 速力
figure-neighbours = 周辺船舶数
figure-near-m = 周辺範囲
figure-open-deg = 空き角
figure-silent-ms = 無音時間
figure-intervals = 平均間隔の倍数
figure-interval-ms = 平均間隔
figure-reports = 通報数
figure-squawk = スコーク
figure-accuracy-m = 精度
figure-aircraft = 航空機数
figure-part-percent = 割合
figure-all = 全体
figure-turn-deg = 変針
figure-speed-change-ckn = 変速
