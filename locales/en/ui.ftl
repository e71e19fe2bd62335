# The watch floor's sentences. Keys and variables are the same in every language; a test holds it so.
# Words follow docs/glossary.md.

## Start and sign-in
starting = Starting…
retrying = Trying again…
loading = Loading…
connecting = Connecting to the node…
signin-title = Sign in
signin-how = Entry is by a one-time link that the administrator of this node makes for a named person and a seat. Ask for a link, or make one on the node's machine:
signin-demo = In the demo, open the stage's address: it signs both floors in for you.
sign-out = Sign out
sign-out-ask = A new one-time link will be needed to come back.
done = { $what }
dismiss = Dismiss
close-dialog = Close
cancel = Cancel
error-unknown = Something went wrong on this page. Reload it.
error-offline = The node does not answer. Check that it runs and that this machine reaches it.
error-garbled = The node's answer could not be read. Its version may differ from this page: reload.
error-http = The node refused (HTTP { $status }).

## Bars
partition-exercise = EXERCISE
partition-simulation = SIMULATION
partition-real = REAL WORLD
nation-JPN = Japan
nation-USA = United States
side-JPN = Japan side
side-USA = US side
side-own = Own side
nav-label = Screens
screen-picture = Picture
screen-incidents = Incidents
screen-exchange = Exchange
screen-feeds = Feeds
urgent-count = { $n ->
    [one] { $n } item wants attention
   *[other] { $n } items want attention
}
line-down = Node silent { $age }
line-open = connected
line-connecting = connecting
line-reconnecting = reconnecting
line-refused = refused
link-up-chip = { $partner } link · { $lag } ms
link-up-title = Up for { $age }
link-down-chip = Link down { $age } · { $queued } queued
feed-late-chip = { $name } late { $age }
feed-silent-chip = { $name } silent
store-bad-chip = Store failing
language-switch = 日本語 / English
theme-switch = Dark or light
counterparts = Who is on watch
seat-since = since { $time }
session-title = This session
session-person = Person
session-role = Role
session-seat = Seat
seat-take = Take the seat
seat-take-ask = Somebody else holds your seat. Taking it over is told to the partner.
seat-vacant = vacant
seat-take-named = Take the seat: { $seat }
seats-none = No seat was published yet
as-of = as of { $time }Z

## Roles
role-commander = Commander
role-watch-officer = Senior watch officer
role-j2 = Intelligence desk
role-j3 = Operations desk
role-j4 = Logistics desk
role-j5 = Plans desk
role-release-officer = Release officer
role-liaison = Liaison
role-auditor = Auditor
role-administrator = Administrator
role-observer = Observer

## Keys
help-title = Keys and marks
help-screens = The four screens
help-search = Search by name, call sign, alias or number
help-next = Next or previous track
help-centre = Centre the map on the selected track
help-incident = Incident of the track, or open one
help-release = What the partner gets of it, and why
help-table = Show or hide the table on a narrow screen
help-escape = Back, or let the selection go
help-help = This page
help-limits = Not for navigation. Renkei aims no weapons and gives no order across the border.
legend = Marks
legend-surface = Ship, pointing along its course
legend-air = Aircraft
legend-unknown = Not identified by either side
legend-partner = Brackets: reported by the { $side } only
legend-stale = Hollow: update delayed
legend-lost = Faint: lost
legend-violet = Violet: its release differs from the usual
legend-unit = Unit, base or team

## Track table
table-title = Tracks
close-table = Close the table
search-label = Search tracks
search-placeholder = Name, call sign, alias, MMSI…  ( / )
filters-label = Kinds shown, here and on the map
filter-surface = Ships
filter-air = Aircraft
filter-units = Units
filter-partner = Partner only
filter-exception = Exceptions
filter-in-view = On map
column-mark = Mark
column-name = Name
column-alias = Alias
column-speed = kn
column-age = Age
tracks-none = No tracks yet
tracks-loading = Waiting for the picture…
tracks-no-match = No track matches
tracks-no-match-how = Clear the search or the filters.

## Map
map-label = Map
map-source = Coast: Natural Earth · not for navigation
map-hidden = { $n ->
    [one] { $n } track hidden by filter
   *[other] { $n } tracks hidden by filter
}
map-show-all = Show all
frozen-title = THIS PICTURE IS OLD
frozen-text = The node has not answered for { $age }. Reconnecting…
link-down-title = LINK DOWN
partner-as-of = Partner picture as of { $time }, { $age } old
partner-never = Nothing from the partner yet
coordinate-style = Change how positions are written
coordinates-dms = Degrees
coordinates-decimal = Decimal
coordinates-mgrs = MGRS
zoom-in = Zoom in
zoom-out = Zoom out
webgl-none-title = This browser cannot draw the map
webgl-none-text = The map needs WebGL 2. Turn on hardware acceleration or use another browser. The table, incidents and all else work.
webgl-lost-title = The map drawing was lost
webgl-lost-text = The graphics driver took the map's memory back. Nothing is missing from the table. Draw it again:
webgl-again = Draw the map again
webgl-starting = starting
webgl-ok = WebGL 2 in use
webgl-none = not available
webgl-lost = lost

## Attention
attention-title = Needs attention
bell-on = Sound on
bell-off = Sound off
bell-title = Sound for new alerts
attention-none = Nothing needs attention
attention-zone-entered = { $name } entered { $zone }
attention-emergency = { $name }: { $state }, as reported
attention-duplicate-identity = { $name }: one identity in two places
attention-zone-left = { $name } left { $zone } after { $minutes } min
attention-zone-dwelt = { $name } has been in { $zone } for { $minutes } min
attention-close-approach = { $name } and { $other }: closest point { $distance_nm } NM in { $minutes } min, if both hold on
attention-rendezvous = { $name } and { $other } together within { $distance_m } m for { $minutes } min
attention-loitering = { $name }: { $speed_kn } kn on average for { $minutes } min
attention-unheard = { $name }: no report for { $minutes } min; { $count } ships round its expected place still heard
attention-source-silent = Receiver { $feed }: no reports for { $minutes } min
attention-impossible-jump = { $name }: reported { $distance_nm } NM away within { $minutes } min
attention-identity-changed = { $name }: { $field } changed from { $before } to { $after }
attention-poor-navigation = Poor satellite navigation reported by { $count } of { $all } aircraft in one area
attention-turned = { $name }: course changed from { $before } to { $after }
attention-speed-changed = { $name }: speed changed from { $before } to { $after } kn
attention-destination-changed = { $name }: destination changed from { $before } to { $after }
attention-safety-text = { $name }: safety text received: “{ $text }”
attention-reported = { $name }: reported by a person
attention-identity-differs = { $name }: { $partner } states another identity
attention-answer-wanted = { $name }: version { $version } waits for our answer
attention-referred-up = { $name }: version { $version } was referred up to { $to } and waits
attention-task-wanted = { $name }: agreed by both sides; our own task is still to be given
attention-unconfirmed = { $name }: { $partner } has not confirmed holding both signatures
attention-declined = { $name }: version { $version } was not agreed
attention-lapsed = { $name }: version { $version } had no answer in time
acknowledge = Acknowledge
to-incident = Incident

## Inspector
inspector-title = Track
deselect = Let the selection go
track-gone = This track is no longer in the picture.
summary-title = Picture now
summary-hint = Select a track on the map or in the table.
held-own = Own sources only
held-both = Both sides report
held-partner = Partner only
fresh-live = live
fresh-stale = Update delayed
fresh-lost = Lost
domain-surface = Surface
domain-air = Air
domain-land = Land
domain-installation = Installation
domain-other = Other
emergency-reported = EMERGENCY
emergency-distress = DISTRESS
emergency-unlawful-interference = UNLAWFUL INTERFERENCE (7500)
emergency-radio-failure = RADIO FAILURE (7600)
emergency-general-emergency = EMERGENCY (7700)
emergency-cot-emergency = EMERGENCY (team)
emergency-as-reported = as reported by the transmitter
duplicate-identity = This identity is also reported in another place.
field-position = Position
field-course = Course
field-speed = Speed
field-age = Age
field-accuracy = Accuracy 1σ
no-position = no position yet
identity-title = Identity, as each side states it
identity-differs = the sides differ
identity-by-rule = by rule
identity-by-person = by a person
identity-default = default, nobody stated it
identity-partner-none = no statement received
identity-state = State identity
identity-hours = Stands for (hours)
identity-note = A national statement with author, reason and expiry. It does not change the partner's.
affiliation = Affiliation
affiliation-pending = Pending
affiliation-unknown = Unknown
affiliation-assumed-friend = Assumed friend
affiliation-friend = Friend
affiliation-neutral = Neutral
affiliation-suspect = Suspect
affiliation-hostile = Hostile
reason-ja = Reason (Japanese)
reason-en = Reason (English)
until = until { $time }Z
sources-title = Sources
sources-none = No source is named
no-name-given = No name given (radar): seen by a sensor that cannot say what it is
no-name-contact = { $kind }, no name given (radar)
one-with = Taken for the same thing:
merge-tracks = Same thing as…
merge-state = State as one thing
merge-nameless = What gave no name cannot be named in a statement: it ends with its track.
merge-with = Same thing as
merge-nobody-near = No other track of this domain is in the picture.
merge-note = Your side's own statement, kept in the record. It stands until it is withdrawn and never goes to the partner.
merge-says-one = { $one } is one thing with { $others }.
merge-says-two = { $one } is not { $others }.
merge-withdraw = Withdraw
split-track = Not this one
reason = Reason
source-withheld = source not released
release-title = Release to the { $side }
release-not-ours = Nothing of ours is in this track: only the partner reports it.
release-exception = Differs from the usual release
tier-existence = Existence
tier-coarse = Coarse
tier-full = Full motion
tier-identity = Identity
tier-source = Source
tier-sent = Sent
tier-held = Held
preview-title = What the { $side } sees
preview-nothing = Nothing: this track does not exist for them
facts-title = As transmitted
field-identity = Identity
field-type = Type
field-team = Team
field-cot-type = CoT type
field-destination = Destination
field-size = Size
field-imo = IMO
field-squawk = Squawk
field-nav-status = Status
field-safety-text = Safety text, as received
field-first-seen = First seen
field-number = Own number
field-label = Marking
field-releasable = Releasable to
class-unclassified = Unclassified
class-restricted = Restricted
class-confidential = Confidential
class-secret = Secret
class-top-secret = Top secret
ship-type = { $type ->
    [cargo] Cargo
    [tanker] Tanker
    [passenger] Passenger
    [fishing] Fishing
    [tug] Tug or tow
    [military] Military
    [pleasure] Pleasure craft
    [pilot] Pilot
    [rescue] Search and rescue
    [law] Law enforcement
    [fast] High-speed craft
   *[other] Other
}
nav-status = { $code ->
    [0] Under way
    [1] At anchor
    [2] Not under command
    [3] Restricted manoeuvrability
    [4] Constrained by draught
    [5] Moored
    [6] Aground
    [7] Fishing
    [8] Sailing
    [14] AIS-SART
   *[other] Code { $code }
}

## Timeline
timeline-title = Timeline
timeline-span = Length of the timeline
live = LIVE
not-live = NOT LIVE
mark-distress = Distress
mark-alert = Alert
mark-notice = Notice
mark-acknowledged = Acknowledged
mark-agreed = Agreed by both
mark-tasked = Own side tasked
mark-deadline = Answer due

## Playback
playback-title = Playback
playback-mark = PLAYBACK
playback-window = Window of the past
playback-hours = { $n ->
    [one] Last hour
   *[other] Last { $n } h
}
playback-own = From – to
playback-from = From (UTC)
playback-to = To (UTC)
playback-show = Show
playback-loading = Loading the history
playback-cancel = Cancel
playback-empty = No history for this window
playback-choose = Choose a window. The table and the inspector then follow its time; the list of alerts stays live.
playback-held = { $tracks } tracks, { $points } points, one every { $step } s
playback-cut = Incomplete: choose a shorter window
playback-back = Back to live
playback-play = Play
playback-pause = Pause
playback-step-back = One step back
playback-step-on = One step on
playback-speed = Speed
playback-scrub = Shown moment
playback-ago = { $age } ago
playback-as-at = As at { $time }
playback-none = No track at this moment
playback-none-selected = Pick a track to see it as it was
playback-not-there = The selected track is not in the history of this moment
playback-not-kept = Sources, release and statements are of the live picture and are not shown here.
help-play = Playback of the past; then play and pause
help-play-step = In playback: one step back or on
help-live = Back to the live picture

## Layers
layers-title = Layers
layers-indicative = indicative, not a legal boundary
layers-none = There is no layer. An administrator imports one with “renkei zone import”.
layers-fictitious = FICTITIOUS
layers-claims = Claimed by { $who }
layers-headquarters = As this headquarters chose.
layers-own = Your own choice, kept by this node.
layers-reset = As the headquarters chose
layers-no-licence = licence not stated
layers-shapes = { $n } shapes

## Incidents
incident-list = Incidents
incidents-none = No incident is open
incidents-none-how = One opens by itself when a watched zone is entered or distress is reported; with I on a track you open one by hand.
incident-withheld = Not shared with the partner
incident-unpaired = The partner has not paired an incident of its own with this one.
occurrence-zone-entered = entered { $zone }
occurrence-duplicate-identity = one identity reported in two places
occurrence-zone-left = left { $zone }
occurrence-zone-dwelt = stayed in { $zone }
occurrence-close-approach = close approach of two ships
occurrence-rendezvous = two ships together
occurrence-loitering = hardly moving for hours
occurrence-unheard = no longer heard, ships near it are
occurrence-source-silent = receiver gives no reports
occurrence-impossible-jump = reported where it cannot have gone
occurrence-identity-changed = names itself otherwise than before
occurrence-poor-navigation = poor satellite navigation over an area
occurrence-movement-changed = changed course, speed or destination
occurrence-safety-text = safety text received
state-reported = Reported
state-acknowledged = Acknowledged
state-options = Options
state-decided = Decided
state-tasked = Tasked
state-closed = Closed
open-incident = Open an incident
open-incident-about = About { $name }. Write what happened as a fact, in both languages.
text-ja = Text (Japanese)
text-en = Text (English)
show-on-map = Show on the map
close-incident = Close incident
draft-option = Draft an option
time-t0 = sensed
time-t1 = taken in
time-t2 = own screen
time-t3 = partner screen
time-t4 = acknowledged
time-t5 = proposed
time-t6 = both signed
time-t7 = tasked
log-title = Watch log
log-node = node
log-none = Nothing is logged yet
note-placeholder = A line for the log
note-write = Write
tasks-title = Tasks in our own chain of command
task-own = Task

## Options and signatures
options-none = No option yet
options-none-how = Draft one from a standing option; both sides sign the same text.
option-by = Option, by the { $side }
language-en = English
language-ja = 日本語
versions = Versions
version-void = Replaced by version { $n }. Both signatures under this text are void.
outcome-draft = Draft, not offered
outcome-open = Offered, open
outcome-agreed = Agreed by both
outcome-agreed-with-caveat = Agreed, with caveat
outcome-not-agreed = Not agreed
outcome-lapsed = No answer in time
outcome-superseded = Void
translation-phrases = Both languages rendered from the same agreed phrases
translation-person = Other language written and checked by { $name }
action-own-chain = would do, in its own chain of command
action-of = The { $side } would
other-phrases = Other phrases of the book ({ $n })
common-text = Text that both sign
standing-option = Standing option
free-text = Free text (both languages)
free-text-blocks = Free text needs both languages and the name of who checked the other one. Until then it cannot be saved.
translator = Written and checked by
deadline-minutes = Answer wanted within (min)
save-draft = Save draft
save-version = Save as version { $n }
offer = Offer to the partner
edit = Edit
counter-offer = Counter-offer
edit-voids = An edit makes a new version; both signatures under this one become void.
edit-voids-both = Saving makes version { $n }. Both signatures under the present version become void.
task = Task our own
approve = Approve
concur = Concur
answer-agree = Agree
answer-caveat = With caveat
answer-refer-up = Refer up
answer-decline = Non-concur
answer-note = Signed as { $person} under this exact text. It cannot be taken back.
answer-note-refer = { $person } sends it to a higher seat. This is not a signature; silence is never consent.
refer-to = Refer to
verdict-approved = Approved
verdict-concurred = Concurred
verdict-caveat = Agreed with caveat
verdict-refer-up = Referred up
verdict-decline = Non-concur
verdict-lapsed = No answer in time
rung-written = Written
rung-received = Received
rung-not-offered = Not offered yet
rung-unsigned = not signed
rung-signature = signature
rung-waiting = Answer outstanding
rung-holding = holds both
rung-held = Holds both signatures
rung-not-held = Does not hold both yet
rung-not-confirmed = Not confirmed by the partner
rung-task = own task
rung-tasked = Own side tasked
rung-not-tasked = Not tasked yet
signature-under = under
signature-record = signed record
signature-void = VOID
deadline-in = by { $time }Z, in { $left }
deadline-past = was { $time }Z, { $ago } ago
why-no-offer = Your seat may not open incidents or offer options.
why-no-approve = Your seat may not approve or concur.
why-no-task = Your seat may not issue tasks.
why-no-state-identity = Your seat may not state identities.
why-no-release = Your seat may not release held items.
why-not-offered = It has not been offered yet.
why-offered = It has been offered already.
why-void = A newer version replaced it.
why-settled = It is settled.
why-answered = Your side has answered; a signature cannot be taken back.
why-both-signatures = Both signatures are not held yet.
why-tasked = Your side has tasked already.
why-not-acknowledged = Acknowledge the incident first.

## What was done
command-acknowledge = Acknowledged
command-open-incident = Incident opened
command-draft = Draft saved
command-edit = New version saved
command-offer = Offered
command-answer = Answer signed
command-task = Own side tasked
command-close = Incident closed
command-state-identity = Identity stated
command-merge-tracks = Stated as one thing
command-split-track = Stated as two things
command-withdraw-merge = Statement withdrawn
command-take-seat = Seat taken
command-note = Note written

## Exchange
link-title = Link to the partner
link-up = Up: { $partner }
link-down = Down: { $partner }
link-none = No partner is configured
link-since = Since
link-lag = Lag
link-as-of = Partner's last word
link-error = Last error
queue-title = Waiting to be sent
queue-note = Decisions go first. Observations are a map: only the newest of each is kept.
class-queue-0 = Control
class-queue-1 = Decisions, recalls
class-queue-2 = Alerts, incidents
class-queue-3 = Observations
class-queue-4 = Documents, history
rules-title = Sent and held, by rule
rules-none = No rule has spoken yet
column-rule = Rule
column-tier = Tier
column-reason = Reason
column-time = Time
column-sent = Sent, up to
column-held = Held, from
held-from = held from: { $tier }
column-tiers = Tiers
recent-title = Last releases
recent-none = Nothing was released yet
withheld-title = Withheld from them
withheld-none = Nothing is withheld
theirs-title = What the { $side } sees of ours
theirs-own = Tracks with sources of our own
theirs-sent = of these, known to them
theirs-less = with less than usual
theirs-given = Tracks they give us
theirs-of = { $name }, as they see it
theirs-hint = Select a track on the Picture screen to see its released form here.

## Policies
policy-none = No agreement covers this

## Preview fields
preview-alias = Alias
preview-domain = Domain
preview-position = Position
preview-sd = Accuracy 1σ
preview-time = Time
preview-course = Course
preview-speed = Speed
preview-name = Name
preview-callsign = Call sign
preview-identities = Identity
preview-feeds = Source

## Feeds and health
feeds-title = Feeds
feeds-none = No feed is configured
feed-live = live
feed-late = late
feed-waiting = waiting
feed-finished = finished
feed-down = down
feed-clock-slow = Clock { $s } s slow (± { $sure } s); times corrected
feed-clock-fast = Clock { $s } s fast (± { $sure } s); times corrected
feed-clock-by-arrival = by when its reports arrive
feed-clock-by-told = by UTC in its own reports
feed-clock-right = Clock right again since { $at }Z
column-state = State
column-address = Address
column-rate-graph = Last minute
column-rate = Rate
column-last = Last
column-accepted = Accepted
column-rejected = Rejected
samples-none = No sample was kept
connect-title = Connect a source of your own
connect-how = Point a receiver at the address of a feed above, or play a recording into it:
connect-file = FILE
reject-checksum = Bad checksum
reject-length = Wrong length
reject-format = Not in the expected form
reject-garbage = Not a message
reject-position = Position out of range
reject-timeout = Parts missing, timed out
reject-unsupported = Type not used
reject-clock = Clock
refused-title = Not taken from the partner
health-title = Node and browser
health-node = Node
health-name = Name
health-partition = Partition
health-tracks = Tracks
health-uptime = Up for
health-clock = Clock
clock-unknown = Not measured
clock-offset = { $ms } ms against the partner
clock-note = Each side's deadlines are judged by its own clock.
health-store = Store
store-ok = Writing and synced
store-bad = Not writing
approach-behind = Close approaches: not every pair
approach-round = { $looked } of { $ships } ships looked at in a sweep; every pair takes { $time } instead of 10 s
approach-forgotten = { $n } close pairs are not told: as many as there is room for are remembered
approach-mend = So many ships lie so close together. Watch the ones that matter, or set alerts.presets.close_approach = "marine".
clock-speed = time × { $n }
health-browser = This browser
browser-line = Line to the node
browser-webgl = Map
browser-frames = Frames received
browser-skipped = Frames skipped
browser-rejects = Unreadable:

## Stage
stage-steps = Steps of the story
stage-next = Next
stage-again = Again
stage-pause = Pause
stage-play = Go on
stage-human = Let me do it
stage-cut = Cut the link
stage-heal = Heal the link
stage-waits = Waits for you: act on a floor below
stage-paused = Paused
stage-plays = Goes on by itself
stage-goes-on = Goes on in { $s } s
stage-watch-title = On watch
stage-watch-text = The waters round the Miyako Strait. Each floor is its own headquarters with its own data; the bar under the title names who holds which seat on the other side.
stage-zone-entry-title = A zone is entered
stage-zone-entry-text = Both floors ring. Each side states for itself what the ship is, and the statements differ: that is shown, not averaged.
stage-why-withheld-title = Why can't they see this?
stage-why-withheld-text = One source is withheld. Its owner sees which rule holds it and why; the partner sees exactly what is in the preview, and no gap.
stage-standing-option-title = A standing option, edited
stage-standing-option-text = An option agreed in peace is drafted, then edited. The edit is a new version, and both signatures under the old text are void.
stage-concur-title = The other side concurs
stage-concur-text = You are the US commander: read the text, check the hash, concur. When each holds both signatures, each tasks its own.
stage-cut-title = The link is cut
stage-cut-text = Ages grow, the partner's tracks turn hollow and the map says as of when. Work goes on on both sides.
stage-heal-title = The link heals
stage-heal-text = Decisions cross first, then alerts, then the picture, stalest first. Nothing is lost and nothing happens twice.
stage-flip-byte-title = One byte is changed
stage-flip-byte-text = A byte in a copy of the ledger is flipped. The verification names the file and the place.
stage-connect-receiver-title = Connect your own receiver
stage-connect-receiver-text = Point an AIS, Beast or TAK source at the addresses on the Feeds screen; its tracks appear here, marked as real in an exercise.

## Alerts that open no incident, and why
notice-escalate = Open an incident
notice-false = False alarm
notice-false-ask = Why is it a false alarm?
notice-reason = Why this alert
notice-rests-on = Rule: { $rule }; preset { $preset }; { $from }Z to { $until }Z
notice-measured = Measured: { $what }
notice-thresholds = Thresholds: { $what }
rule-zone-entered = zone entry
rule-zone-left = zone exit
rule-zone-dwelt = stay in a zone
rule-close-approach = close approach
rule-rendezvous = rendezvous
rule-loitering = loitering
rule-unheard = ship no longer heard
rule-source-silent = receiver silent
rule-emergency = emergency as reported
rule-duplicate-identity = one identity in two places
rule-impossible-jump = impossible jump
rule-identity-changed = change of identity
rule-poor-navigation = poor satellite navigation
rule-movement-changed = watched track changed
rule-safety-text = safety text
preset-two-fixes = two fixes
preset-four-hours = four hours
preset-one-hour = one hour
preset-twelve-hours = twelve hours
preset-marine = marine default, watched ships
preset-marine-all = marine default, every pair
preset-global-fishing-watch = Global Fishing Watch
preset-starboard-50 = Starboard, 50 m
preset-starboard-200 = Starboard, 200 m
preset-near-shore = near the shore
preset-coastal = coastal receiver
preset-feed = own rhythm of the receiver
preset-hops = impossible steps
preset-split = two places
preset-said-twice = said twice
preset-as-reported = as reported
preset-area = several aircraft in one area
preset-watched = watched tracks
preset-as-received = as received
figure-fixes = fixes
figure-inside-ms = time inside
figure-distance-m = distance
figure-within-ms = within
figure-in-ms = in
figure-range-m = range now
figure-closing-ckn = relative speed
figure-for-ms = lasting
figure-offshore-m = off shore
figure-speed-ckn = speed
figure-neighbours = ships still heard
figure-near-m = within a radius of
figure-open-deg = open angle
figure-silent-ms = silent for
figure-intervals = mean intervals
figure-interval-ms = mean interval
figure-reports = reports
figure-squawk = squawk
figure-accuracy-m = accuracy
figure-aircraft = aircraft
figure-part-percent = part
figure-all = of
figure-turn-deg = turn
figure-speed-change-ckn = change of speed
figure-texts = texts of this sender
figure-held-back = held back

## Watched tracks
watch-title = Watch
watch-on = watched
watch-ask = Watch this track
watch-anew = Again
watch-end = End the watch
watch-list = Watched tracks
watch-none = No track is watched.
watch-hint = Select a track first, then press W, to have it watched.
watch-note = The rules for watched tracks look at it: close approaches, changes of course, speed and destination. Who asked, why and until when is kept in the ledger and never crosses.
watch-replaces = watched already: the new reason and end stand in place of the old
watch-reason = Reason
watch-for = For
watch-until = Until
watch-who = By
watch-by = { $person } ({ $seat })
watch-hours = { $n } h
watch-days = { $n } days
watch-not-held = This track is not held now.
help-watch = Have a track watched; the watched tracks
why-no-watch = Your seat may not have tracks watched.
command-watch-track = Track is watched
command-end-watch = Watch ended
command-judge-notice = Alert judged

# Release review, recall
review-title = Release review
review-waiting = { $n } waiting for a release review
review-none = Nothing waits for a review.
review-none-how = What policy asks a person about waits here: free text without a tear-line, and what rests on a withheld source.
review-due = due in { $in }
review-overdue = overdue by { $by }
review-wants = { $n ->
    [0] decided
    [one] one person
   *[other] { $n } persons at different desks
}
review-kind-incident = incident
review-kind-identity = identity
review-kind-zone = zone
review-kind-seat = seat
review-kind-offer = option
review-kind-receipt = receipt
review-kind-answer = answer
review-kind-holding = signatures held
review-kind-task-status = task status
review-kind-recall = label change
review-kind-recall-receipt = recall receipt
review-asked = To { $to }. Asked by { $who } at { $time }; to be decided by { $deadline }.
review-node = the node
review-approved-by = { $person } ({ $seat }) approved at { $time }, until { $until }
review-goes = What would go
review-fields = Field by field
review-bytes = The exact bytes ({ $n })
review-stays = What stays here
review-words = Own words
review-position = Own position
review-reason = Reason (kept in the ledger, never crosses)
review-for = Stands for
review-approve = Approve
review-refuse = Refuse
review-note = The approval binds these bytes: any other change but the progress of the incident voids it. Nothing goes under it after its end.
review-approved = Approved
review-refused = Refused
decisions-title = Decisions
recall-title = Recalls and label changes
recall-said = { $side } recalled it
relabel-said = Label: { $from } → { $to }
recall-ask = Recall
recall-ground = Ground (the partner gets it)
recall-reason = Reason (stays here)
recall-note = The partner's node shows it no more and says so; its ledger keeps what it received. What was not sent yet is stopped. What both signed stands.
recall-waits = not confirmed yet
recall-done = carried out { $time }
recalled = { $side } recalled it { $time }: { $ground }.
recalled-tag = recalled
ground-mistake = released by mistake
ground-wrong = the content is wrong
ground-source = to protect its source
ground-review = the label was reviewed
classification-unclassified = unclassified
classification-restricted = restricted
classification-confidential = confidential
classification-secret = secret
classification-top-secret = top secret
why-other-desk = The second person must be another one at another desk.
why-own-text = Whoever wrote it does not review it.
tear-line = Write a tear-line
tear-line-ja = Tear-line (Japanese)
tear-line-en = Tear-line (English)
tear-line-by = Written or checked in both languages by
tear-line-note = The tear-line goes by policy; your own words stay here.
free-text-note = Without a tear-line your own words wait for a release review.
reason-agreed = Reason
reason-own = Own words
command-review = Decision kept
command-recall = Recall sent
command-recall-alias = Recall sent
command-relabel = Label change stated
