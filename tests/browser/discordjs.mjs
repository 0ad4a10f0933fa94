// discord.js, unmodified, as a client of the loopback Discord: what a bot written with it can do, people see.
//
// LOOPBACK: the example server (examples/serve PORT TOKEN).
import assert from "node:assert/strict";
import {
  ActionRowBuilder, ButtonBuilder, ButtonStyle, Client, EmbedBuilder, Events, GatewayIntentBits, MessageFlags, ModalBuilder,
  SlashCommandBuilder, StringSelectMenuBuilder, TextInputBuilder, TextInputStyle,
} from "discord.js";
import { controlOf, until } from "./lib/control.mjs";
import { freePort, freshFolder, pathFrom, removeFolder, start } from "./lib/program.mjs";

const TOKEN = "loopback-token";
const CITIES = ["Berlin", "Bern", "Oslo"];
const [EPHEMERAL, PRIMARY] = [MessageFlags.Ephemeral, ButtonStyle.Primary];

const command = new SlashCommandBuilder().setName("travel").setDescription("Plan a trip")
  .setNameLocalization("ru", "поездка").setDescriptionLocalization("ru", "Спланировать поездку")
  .addStringOption((option) => option.setName("city").setDescription("Where to").setRequired(true).setAutocomplete(true))
  .addIntegerOption((option) => option.setName("days").setDescription("How long").setMinValue(1).setMaxValue(30));

const row = (...components) => new ActionRowBuilder().addComponents(...components);

// ---- The bot ----------------------------------------------------------------------------------------------------

const answers = {
  async autocomplete(interaction) {
    const typed = interaction.options.getFocused().toLowerCase();
    const found = CITIES.filter((city) => city.toLowerCase().startsWith(typed));
    await interaction.respond(found.map((city) => ({ name: city, value: city.toLowerCase() })));
  },
  async travel(interaction) {
    await interaction.deferReply({ flags: EPHEMERAL });
    const [city, days] = [interaction.options.getString("city"), interaction.options.getInteger("days")];
    await interaction.editReply({
      embeds: [new EmbedBuilder().setTitle(`To ${city}`).setDescription(`${days} days`).setColor(0x248046)],
      components: [
        row(new ButtonBuilder().setCustomId("note").setLabel("Leave a note").setStyle(PRIMARY)),
        row(new StringSelectMenuBuilder().setCustomId("how").setPlaceholder("How?").addOptions(
          { label: "By train", value: "train" }, { label: "On foot", value: "foot" },
        )),
      ],
    });
  },
  async how(interaction) {
    await interaction.update({ content: `Going by ${interaction.values.join()}`, embeds: [], components: interaction.message.components });
    await interaction.followUp({ content: "Have a good trip!", flags: EPHEMERAL });
  },
  async note(interaction) {
    const text = new TextInputBuilder().setCustomId("text").setLabel("Note").setStyle(TextInputStyle.Short);
    await interaction.showModal(new ModalBuilder().setCustomId("noted").setTitle("A note").addComponents(row(text)));
  },
  async noted(interaction) {
    await interaction.reply(`Noted: ${interaction.fields.getTextInputValue("text")}`);
  },
};

/** A bot that is online and has its command; `faults` collects what went wrong in it. */
async function startBot(origin) {
  const faults = [];
  const client = new Client({ intents: [GatewayIntentBits.Guilds], rest: { api: `${origin}/api` } });
  client.on(Events.Error, (error) => faults.push(error));
  client.on(Events.InteractionCreate, (interaction) => {
    const name = interaction.isAutocomplete() ? "autocomplete" : interaction.commandName ?? interaction.customId;
    Promise.resolve(answers[name](interaction)).catch((error) => faults.push(error));
  });
  const ready = new Promise((resolve) => { client.once(Events.ClientReady, resolve); });
  await client.login(TOKEN);
  await ready;
  await client.application.commands.set([command]);
  return { client, faults };
}

// ---- A person ---------------------------------------------------------------------------------------------------

/** Anna in #general: what she does and sees. */
async function anna(control) {
  const world = await until("the bot is online with its command", async () => {
    const state = await control.read("state");
    return state.bot.online && state.commands.some((one) => one.name === "travel") ? state : null;
  });
  const as = world.members.find((one) => one.user.username === "anna").user.id;
  const channel_id = world.channels.find((one) => one.name === "general").id;
  const person = { as, channel_id, locale: "ru" };
  const read = (who = as) => control.read(`channels/${channel_id}/messages?as=${who}&limit=50`);
  return {
    world,
    do: (what, body) => control.send(`interactions/${what}`, { ...person, ...body }),
    sees: (what, test) => until(`Anna sees ${what}`, async () => (await read()).find(test)),
    others: () => read(world.members.find((one) => one.user.username === "bob").user.id),
    modal: (press) => modalOf(control, as, press),
  };
}

/** Does `press` and answers {interaction_id, modal}, which come as an event. */
async function modalOf(control, as, press) {
  const stop = new AbortController();
  const events = await control.listen(as, stop.signal);
  await press();
  try {
    for await (const event of events) if (event.type === "modal") return event;
    throw new Error("no modal came");
  } finally {
    stop.abort();
  }
}

// ---- The story --------------------------------------------------------------------------------------------------

async function run(control) {
  const me = await anna(control);
  const registered = me.world.commands.find((one) => one.name === "travel");
  assert.equal(registered.name_localizations.ru, "поездка");
  console.log("- the bot is online, its command is registered");

  const city = { type: 3, name: "city", value: "Ber", focused: true };
  const { choices } = await me.do("autocomplete", { name: "travel", options: [city] });
  assert.deepEqual(choices.map((one) => [one.name, one.value]), [["Berlin", "berlin"], ["Bern", "bern"]]);
  console.log("- suggestions");

  await me.do("command", { name: "travel", options: [{ type: 3, name: "city", value: "berlin" }, { type: 4, name: "days", value: 3 }] });
  const plan = await me.sees("the edited reply", (one) => one.embeds?.[0]?.title === "To berlin");
  assert.equal(plan.embeds[0].description, "3 days");
  assert.equal(plan.loopback.ephemeral, true);
  assert.equal(plan.components.length, 2);
  assert.equal((await me.others()).length, 0, "Bob sees Anna's private reply");
  console.log("- a deferred private reply, then edited");

  const press = { message_id: plan.id, custom_id: "how", component_type: 3, values: ["train"] };
  await me.do("component", press);
  await me.sees("the updated message", (one) => one.id === plan.id && one.content === "Going by train");
  const wish = await me.sees("the follow-up", (one) => one.content === "Have a good trip!");
  assert.equal(wish.loopback.ephemeral, true);
  console.log("- a menu, an update and a follow-up");

  const note = { message_id: plan.id, custom_id: "note", component_type: 2 };
  const { interaction_id, modal } = await me.modal(() => me.do("component", note));
  assert.equal(modal.title, "A note");
  await me.do("modal", { interaction_id, fields: { text: "take a map" } });
  await me.sees("the answer to the modal", (one) => one.content === "Noted: take a map");
  assert.ok((await me.others()).some((one) => one.content === "Noted: take a map"), "Bob does not see a public reply");
  console.log("- a button, a modal and a public reply");

  await assert.rejects(me.do("command", { name: "travel", options: [] }), /POST interactions\/command: 4/, "a required option may be left out");
  console.log("- a missing option is refused");
}

/** The story against a server that has just been started. */
async function tell(server) {
  const { origin } = new URL(server.match[1]);
  const control = controlOf(server.match[1]);
  const { client, faults } = await startBot(origin);
  try {
    await run(control);
    assert.deepEqual(faults, []);
    assert.deepEqual(await control.violations(), [], "Discord would have refused requests");
  } finally {
    await client.destroy();
  }
}

async function main() {
  const folder = await freshFolder();
  try {
    const server = await start(pathFrom("LOOPBACK"), [String(await freePort()), TOKEN], { cwd: folder, ready: /page:\s+(http:\S+)[^]*token:/ });
    try {
      await tell(server);
    } finally {
      const code = await server.stop();
      assert.equal(code, 0, `the loopback ended with ${code}:\n${server.output()}`);
    }
  } finally {
    await removeFolder(folder);
  }
}

if (!process.env.LOOPBACK) {
  console.error("discordjs: set LOOPBACK to the path of the example server; `just discordjs` does");
  process.exit(2);
}
await main();
console.log("discord.js: all as on Discord");
