package dev.snoozy.studio.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;

import org.junit.jupiter.api.Test;

import java.util.List;

/**
 * A model says everything that no model should say: nothing of it runs, and the page stays whole.
 */
class HostileOutputTest {
    @Test
    @SuppressWarnings("unchecked")
    void nothingRunsAndThePageStaysWhole() {
        try (StubStudio studio = new StubStudio()) {
            studio.state.settings.put("started", true);
            try (Visit visit = Visit.at(studio.url())) {
                Locator answer = visit.say("hostile");
                answer.getByText("the end of it all").waitFor();
                assertThat(visit.page().evaluate("window.hacked")).isNull();
                List<String> tags =
                        (List<String>)
                                visit.page()
                                        .evaluate(
                                                "[...document.querySelectorAll('.message--assistant"
                                                        + " .markdown *')].map(e =>"
                                                        + " e.localName)");
                assertThat(tags)
                        .doesNotContain("script", "img", "iframe", "form", "input", "style")
                        .doesNotContain("link", "object", "embed", "base", "meta", "video");
                List<String> attributes =
                        (List<String>)
                                visit.page()
                                        .evaluate(
                                                "[...document.querySelectorAll('.message--assistant"
                                                        + " .markdown *')].flatMap(e =>"
                                                        + " e.getAttributeNames().map(n => n + '=' +"
                                                        + " e.getAttribute(n)))");
                assertThat(attributes)
                        .noneMatch(a -> a.startsWith("on") || a.startsWith("src="))
                        .noneMatch(a -> a.startsWith("style=") && a.contains("fixed"))
                        .noneMatch(
                                a -> a.startsWith("href=") && !a.matches("href=(https?|mailto):.*"))
                        .noneMatch(a -> a.contains("xlink"));
                String text = answer.innerText();
                assertThat(text).contains("⟦202E⟧gnp.exe").contains("⟦0007⟧").contains("<script>");
                assertThat(text).contains("2800 more rows are not shown");
                assertThat(visit.page().evaluate("document.documentElement.scrollWidth"))
                        .isEqualTo(visit.page().evaluate("innerWidth"));
                assertThat(visit.the("compose").isVisible()).isTrue();
                visit.say("still there?");
            }
        }
    }
}
