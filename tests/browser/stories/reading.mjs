// What the bot sent, before the page made it nice.

/** Reads a message of the channel #general as the person has it. */
export function privateMessageReader(person, control) {
  let place = null;
  const find = async () => {
    const { members, channels } = await control.read("state");
    const as = members.find((one) => one.user.username === person.name).user.id;
    return { as, channel: channels.find((one) => one.name === "general").id };
  };
  return async (id) => {
    place ??= await find();
    const messages = await control.read(`channels/${place.channel}/messages?as=${place.as}&limit=50`);
    return messages.find((one) => one.id === id);
  };
}
