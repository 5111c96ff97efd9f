package dev.snoozy.studio.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.studio.StudioRig;
import dev.snoozy.studio.StudioRig.Event;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

class AnswersTest {
    @TempDir Path home;

    private static String generate(StudioRig rig, String chat, String body) {
        StudioRig.Reply reply = rig.post(chat + "/generate", body);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return chat + "/messages/" + reply.json().path("message").asString();
    }

    @Test
    void anAnswerIsStreamedAndKept() {
        try (StudioRig rig = StudioRig.stories(home)) {
            String chat = rig.chat("{'model':'stories'}");
            String question = rig.say(chat, "", "Once upon a time");
            String answer =
                    generate(
                            rig,
                            chat,
                            "{'parent':'" + question + "','options':{'seed':5,'max_tokens':60}}");
            List<Event> events =
                    rig.events(answer + "/events", event -> event.name().equals("done"));
            JsonNode done = events.getLast().data();
            assertThat(events.getFirst().name()).isEqualTo("state");
            String streamed =
                    events.getFirst().data().path("content").asString()
                            + events.stream()
                                    .filter(event -> event.name().equals("delta"))
                                    .map(event -> event.data().path("content").asString(""))
                                    .collect(Collectors.joining());
            assertThat(streamed).isEqualTo(done.path("content").asString()).isNotBlank();
            assertThat(done.path("state").asString()).isEqualTo("done");
            assertThat(done.path("finish").asString()).isEqualTo("length");
            assertThat(done.path("seed").asLong()).isEqualTo(5);
            assertThat(done.path("model").asString()).isEqualTo("stories");
            assertThat(done.path("stats").path("tokens").asInt()).isEqualTo(60);
            JsonNode kept = rig.get(chat).json();
            assertThat(kept.path("messages").get(1)).isEqualTo(done);
            assertThat(kept.path("leaf").asString()).isEqualTo(done.path("id").asString());
            assertThat(kept.path("title").asString()).isEqualTo("Once upon a time");
        }
    }

    @Test
    void theSameSeedGivesTheSameTextInAnotherBranch() {
        try (StudioRig rig = StudioRig.stories(home)) {
            String chat = rig.chat("{'options':{'seed':77,'max_tokens':40}}");
            String question = rig.say(chat, "", "Lily saw a");
            String body = "{'parent':'" + question + "'}";
            JsonNode first = rig.done(generate(rig, chat, body) + "/events");
            JsonNode second = rig.done(generate(rig, chat, body) + "/events");
            JsonNode other =
                    rig.done(
                            generate(
                                            rig,
                                            chat,
                                            "{'parent':'" + question + "','options':{'seed':78}}")
                                    + "/events");
            assertThat(second.path("content")).isEqualTo(first.path("content"));
            assertThat(other.path("content")).isNotEqualTo(first.path("content"));
            assertThat(rig.get(chat).json().path("messages")).hasSize(4);
        }
    }

    @Test
    void aStoppedAnswerGoesOnAsIfItHadNotBeenStopped() {
        try (StudioRig rig = StudioRig.stories(home)) {
            String chat = rig.chat("{'options':{'temperature':0,'max_tokens':80}}");
            String question = rig.say(chat, "", "One day");
            String body = "{'parent':'" + question + "'}";
            JsonNode whole = rig.done(generate(rig, chat, body) + "/events");
            String cut =
                    generate(
                            rig, chat, "{'parent':'" + question + "','options':{'max_tokens':30}}");
            JsonNode part = rig.done(cut + "/events");
            assertThat(whole.path("content").asString())
                    .startsWith(part.path("content").asString());
            String id = part.path("id").asString();
            String resumed =
                    generate(rig, chat, "{'continueOf':'" + id + "','options':{'max_tokens':50}}");
            assertThat(resumed).endsWith(id);
            JsonNode rest = rig.done(resumed + "/events");
            assertThat(rest.path("content")).isEqualTo(whole.path("content"));
            assertThat(rig.get(resumed).json().path("content")).isEqualTo(whole.path("content"));
        }
    }

    @Test
    void anAnswerGoesOnWithAnotherTokenInABranch() {
        try (StudioRig rig = StudioRig.stories(home)) {
            String chat = rig.chat("{'options':{'temperature':0,'max_tokens':20}}");
            String question = rig.say(chat, "", "One day");
            String answer = generate(rig, chat, "{'parent':'" + question + "','tokens':true}");
            JsonNode done = rig.done(answer + "/events");
            assertThat(done.path("tokens")).hasSize(20);
            JsonNode token = done.path("tokens").get(4);
            assertThat(token.path("entropy").asDouble()).isPositive();
            assertThat(token.path("top")).hasSize(10);
            int other = token.path("top").get(1).path("id").asInt();
            String branch =
                    generate(
                            rig,
                            chat,
                            "{'continueOf':'"
                                    + done.path("id").asString()
                                    + "','from':{'index':4,'token':"
                                    + other
                                    + "}}");
            JsonNode changed = rig.done(branch + "/events");
            assertThat(changed.path("parent")).isEqualTo(done.path("parent"));
            assertThat(changed.path("tokens").get(4).path("id").asInt()).isEqualTo(other);
            assertThat(changed.path("tokens").get(3)).isEqualTo(done.path("tokens").get(3));
            assertThat(changed.path("tokens")).hasSize(25);
            String text = "";
            for (JsonNode each : changed.path("tokens")) {
                text += each.path("text").asString();
            }
            assertThat(text).isEqualTo(changed.path("content").asString());
        }
    }

    @Test
    void stoppingEndsAnAnswerAndWhatCameStays() {
        try (StudioRig rig = StudioRig.tiny(home)) {
            String chat = rig.chat("{'options':{'ignore_eos':true,'context_policy':'shift'}}");
            String question = rig.say(chat, "", "hello");
            String answer = generate(rig, chat, "{'parent':'" + question + "'}");
            rig.events(answer + "/events", event -> event.name().equals("delta"));
            assertThat(rig.post(answer + "/stop", "{}").status()).isEqualTo(204);
            JsonNode done = rig.done(answer + "/events");
            assertThat(done.path("finish").asString()).isEqualTo("cancelled");
            assertThat(done.path("content").asString()).isNotEmpty();
        }
    }

    @Test
    void severalChatsAreAnsweredAtOnceAndOneThatIsDeletedIsStopped() {
        try (StudioRig rig = StudioRig.tiny(home)) {
            String endless = "{'options':{'ignore_eos':true,'context_policy':'shift'}}";
            String first = rig.chat(endless);
            String second = rig.chat(endless);
            String one = generate(rig, first, "{'parent':'" + rig.say(first, "", "a") + "'}");
            String two = generate(rig, second, "{'parent':'" + rig.say(second, "", "b") + "'}");
            rig.events(one + "/events", event -> event.name().equals("delta"));
            rig.events(two + "/events", event -> event.name().equals("delta"));
            for (JsonNode chat : rig.get("/chats").json().path("chats")) {
                assertThat(chat.path("writing").asBoolean()).isTrue();
            }
            assertThat(rig.send("DELETE", first, "").status()).isEqualTo(204);
            assertThat(rig.get(one).status()).isEqualTo(404);
            rig.events(two + "/events", event -> event.name().equals("delta"));
            rig.post(two + "/stop", "{}");
            assertThat(rig.done(two + "/events").path("finish").asString()).isEqualTo("cancelled");
        }
    }

    @Test
    void whatIsInProgressWhenTheStudioClosesIsInterruptedAndKept() throws Exception {
        String answer;
        try (StudioRig rig = StudioRig.tiny(home)) {
            String chat = rig.chat("{'options':{'ignore_eos':true,'context_policy':'shift'}}");
            answer = generate(rig, chat, "{'parent':'" + rig.say(chat, "", "hello") + "'}");
            rig.events(answer + "/events", event -> event.name().equals("delta"));
        }
        try (StudioRig rig = StudioRig.in(home)) {
            JsonNode found = rig.get(answer).json();
            assertThat(found.path("finish").asString()).isEqualTo("interrupted");
            assertThat(found.path("content").asString()).isNotEmpty();
            assertThat(rig.done(answer + "/events")).isEqualTo(found);
        }
    }

    @Test
    void aModelThatIsNotThereIsAnErrorInTheMessage() {
        try (StudioRig rig = StudioRig.tiny(home)) {
            String chat = rig.chat("{'model':'absent'}");
            String answer = generate(rig, chat, "{'parent':'" + rig.say(chat, "", "hello") + "'}");
            JsonNode done = rig.done(answer + "/events");
            assertThat(done.path("finish").asString()).isEqualTo("error");
            assertThat(done.path("error").asString()).contains("absent").contains("tiny");
        }
    }
}
