### Groups that hand in a practice together.
cmd-group = group
cmd-group-about = Hand in a practice together: invite members, or see your group
cmd-group-practice-about = Which practice
cmd-group-member-about = Whom to invite; they agree by a button
group-members = Group for { $practice }: { $names }. What one of them hands in counts for all, and the attempts are shared.
group-invited = Invited: { $names }. Press “Join” to hand in together.
group-join = Join
group-decline = Not this time
group-leave = Leave the group
group-none = You have no group for { $practice } yet. Invite members with `/group member:@name`; a group has up to { $most } members.
group-left = You have left your group for { $practice }. What was handed in until now still counts for you; from here on you hand in for yourself.
group-alone = This practice is handed in alone. Groups may hand in: { $known }.
group-alone-everywhere = Every practice of this course is handed in alone, so no group is needed.
group-which = Say for which practice: { $known }.
group-full = A group for this practice has up to { $most } members, those invited included. Invite fewer.
group-in-another = { $name } is in another group for this practice. To change groups, open `/group` without members and leave first.
group-joined-already = You are in this group already: hand in with `/submit`.
group-not-yours = This invitation is for others. To form a group of your own, use `/group`.
group-gone = This group is no longer there. Form a new one with `/group`.
group-handed-in = { $name } handed this in for your group.
group-other-account-later = it was started by an account that is not linked to you or your group. Hand in a run of your own, or link the account with `/link`.
### Groups in the hands of instructors.
cmd-admin-groups = groups
cmd-admin-groups-about = Who hands in a practice together
cmd-admin-group = group
cmd-admin-group-about = Put a group together of members who have none
cmd-admin-move = move
cmd-admin-move-about = Move a member into another group, or out of theirs
cmd-admin-dissolve = dissolve
cmd-admin-dissolve-about = Dissolve the group of a member
cmd-admin-member-about = Whom it is about
cmd-admin-to = to
cmd-admin-to-about = Into whose group; left out, the member hands in alone
cmd-admin-reason-about = Why: one sentence, read by everyone concerned
groups-title = Groups for { $practice }
groups-none = There are no groups yet.
groups-head = { $count ->
    [one] One group:
   *[other] { $count } groups, the oldest first:
}
groups-entry = - { $names }
groups-entry-invited = - { $names } · invited: { $invited }
groups-more = … and { $count } more lines.
groups-how = `/admin group` puts one together, `/admin move` moves a member, `/admin dissolve` ends one.
groups-formed = Group for { $practice }: { $names }.
groups-moved = { $name } now hands in { $practice } with this group: { $names }.
groups-moved-out = { $name } now hands in { $practice } alone.
groups-dissolved = The group of { $name } for { $practice } is dissolved. What it handed in still counts for everyone who was in it.
groups-told = { $count ->
    [one] I tell one member.
   *[other] I tell { $count } members.
}
groups-too-few = Name two different members.
groups-no-room = A group for this practice has up to { $most } members, those invited included. Name fewer, or make room with `/admin move`.
groups-has-one = { $name } is in a group for this practice already. Use `/admin move`, or end that group with `/admin dissolve`.
groups-has-none = { $name } has no group for this practice. `/admin groups` shows who has one.
groups-together = { $name } is in that group already. `/admin groups` shows all of them.
groups-changed = The group changed at this very moment, and nothing was recorded. Look at `/admin groups` and try again.
