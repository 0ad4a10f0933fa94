### Linking an account at a CI provider.
cmd-link = link
cmd-link-about = Link your account at GitHub or another CI to yourself
cmd-link-run = run
cmd-link-run-about = Link to the run on your branch; leave it out to learn the branch
account-ask =
    Push a branch named `{ $branch }` to your practice repository, wait until a run starts on it, and give me the address of that run: `/link run:<address>`. The branch counts for 24 hours.
    ```
    git push origin HEAD:{ $branch }
    ```
account-ask-where =
    Choose where your practice repository is: { $hosts }. Push a branch named `{ $branch }` to it, wait until a run starts on it, and give me the address of that run: `/link run:<address>`. The address tells which account becomes yours, and the branch counts for 24 hours.
    ```
    git push origin HEAD:{ $branch }
    ```
account-consent = Open <{ $page }>, type the code { $code } there and agree; I will tell you when your account is linked. The code is good for a quarter of an hour, gives me no permission, and must be one that I gave you here myself.
account-elsewhere = For an account at { $hosts }, push a branch named `{ $branch }`, wait until a run starts on it, and give me the address of that run: `/link run:<address>`.
account-consented = Done: { $account } is yours. Only you can hand in runs it started.
account-refused = Nothing was linked: the answer at the provider was no. For a new code type `/link`.
account-expired = Nothing was linked: the code has run out. For a new one type `/link`.
account-now = Linked now: { $accounts }.
account-linked = Done: { $account } is yours. Only you can hand in runs it started; you may delete the branch.
account-no-branch = First ask for your branch: type `/link` without a run, push that branch, then come back with the run.
account-other-branch = This run is not on your branch. Push `{ $branch }` and give me the run that this push starts.
account-taken = The account { $login } is linked to another member. If it is yours, ask your instructor to sort it out.
submit-of-another = This run was started by { $login }, an account linked to another member. Hand in a run of your own.
submit-other-account = This run was started by { $login }, and your linked account is { $own }. Hand in a run of your own, or link the new account with `/link`.
