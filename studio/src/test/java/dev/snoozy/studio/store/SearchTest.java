package dev.snoozy.studio.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.server.http.Json;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

class SearchTest {
    @TempDir Path folder;
    private Database database;
    private Messages messages;
    private Search search;
    private Chat chat;

    @BeforeEach
    void open() {
        database = Database.open(folder.resolve("snoozy.db"));
        messages = new Messages(database);
        search = new Search(database);
        chat = Chat.begin("Journey", "", "", Json.object());
        new Chats(database).add(chat);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private Message say(String content) {
        Message message = Message.said(chat.id(), null, "user", content, Json.array());
        messages.add(message);
        return message;
    }

    @Test
    void partsOfWordsAreFoundInAnyCase() {
        Message message = say("The Lighthouse keeper sleeps");
        say("nothing here");
        List<Search.Hit> hits = search.find("lightHOUSE keep", 9);
        assertThat(hits).extracting(Search.Hit::message).containsExactly(message.id());
        Search.Hit hit = hits.getFirst();
        List<Integer> marks = hit.marks();
        assertThat(hit.snippet().substring(marks.get(0), marks.get(1))).isEqualTo("Lighthouse");
        assertThat(hit.snippet().substring(marks.get(2), marks.get(3))).isEqualTo("keep");
    }

    @Test
    void wordsWithoutSpacesBetweenThemAreFound() {
        say("我喜欢在图书馆看书");
        assertThat(search.find("图书馆", 9)).hasSize(1);
        assertThat(search.find("看书", 9)).hasSize(1);
        assertThat(search.find("学校", 9)).isEmpty();
    }

    @Test
    void titlesAreFoundFirst() {
        say("the journey begins");
        List<Search.Hit> hits = search.find("journey", 9);
        assertThat(hits).hasSize(2);
        assertThat(hits.getFirst().message()).isNull();
    }

    @Test
    void whatWasChangedOrRemovedIsNoLongerFound() {
        Message message = say("elephants");
        messages.edit(chat.id(), message.id(), "giraffes");
        assertThat(search.find("elephants", 9)).isEmpty();
        assertThat(search.find("giraffes", 9)).hasSize(1);
        messages.remove(chat.id(), message.id());
        assertThat(search.find("giraffes", 9)).isEmpty();
    }

    @Test
    void theSignsOfTheQueryLanguageAreText() {
        say("a \"quoted\" 100% AND (un)usual col:umn* ^text");
        for (String query :
                List.of(
                        "\"quoted\"",
                        "100%",
                        "AND (un)",
                        "col:umn*",
                        "^text",
                        "0%",
                        "_",
                        "NEAR(")) {
            assertThat(search.find(query, 9))
                    .as(query)
                    .hasSize(query.equals("_") || query.equals("NEAR(") ? 0 : 1);
        }
        assertThat(search.find("   ", 9)).isEmpty();
    }

    @Test
    void aLongTextIsCutAroundTheWord() {
        say("word ".repeat(500) + "needle" + " straw".repeat(500));
        Search.Hit hit = search.find("needle", 9).getFirst();
        assertThat(hit.snippet().length()).isLessThan(200);
        assertThat(hit.snippet().substring(hit.marks().get(0), hit.marks().get(1)))
                .isEqualTo("needle");
    }
}
