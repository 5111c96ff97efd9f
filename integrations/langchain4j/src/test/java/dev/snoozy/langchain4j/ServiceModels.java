package dev.snoozy.langchain4j;

import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.format.GgufFile;
import dev.snoozy.testkit.KnowingModel;

/** Models that know by heart what LangChain4j's tests of its AI services ask for. */
final class ServiceModels {
    private static final String NEXT = "}\n</tool_call>";
    private static final String DOG = "{\"type\":\"Dog\",\"name\":\"Rex\",\"breed\":\"Labrador\"}";
    private static final String DATE = "{\"year\":1976,\"month\":8,\"day\":12}";
    private static final String TIME = "{\"hour\":14,\"minute\":43,\"second\":0,\"nano\":0}";
    private static final String KLAUS =
            "{\"name\":\"Klaus\",\"age\":37,\"height\":1.78,\"married\":false}";
    private static final String FRANNY =
            "{\"name\":\"Franny\",\"age\":35,\"height\":1.65,\"married\":true}";

    private static final String FAMILY =
            "{\"name\":\"Francine\",\"children\":[{\"name\":\"Steve\",\"children\":[]},"
                    + "{\"name\":\"Hayley\",\"children\":[]}]}";

    /** Weights of clues: names of tools, what makes one answer out of several, results of tools. */
    private static final double TOOL = 2;

    private static final double SPECIAL = 4;
    private static final double RESULT = 30;

    private ServiceModels() {}

    private static LanguageModel load(KnowingModel model) {
        return LanguageModel.of(GgufFile.of(model.bytes()), LoadOptions.defaults().withThreads(2));
    }

    private static String call(String name, String arguments) {
        return "<tool_call>\n{\"name\": \"" + name + "\", \"arguments\": " + arguments;
    }

    private static KnowingModel withCall(
            KnowingModel model, String clue, double weight, String name, String arguments) {
        return model.answer(clue, weight, call(name, arguments), NEXT);
    }

    /** Calls tools and says what came of it. */
    static LanguageModel loadCaller() {
        KnowingModel model =
                new KnowingModel("I", " do", " not", " know", ".")
                        .answer("capital", SPECIAL, "Berlin", " it is", "!")
                        .answer("124", RESULT, "37 + 87", " = 124", " sharp")
                        .answer("151", 2 * RESULT, "One is", " 124,", " the other 151")
                        .answer("20", 2 * RESULT, "It makes", " 20")
                        .answer("17:11:45", 2 * RESULT, "Now it is", " 17:11:45")
                        .answer("19", RESULT, "It has", " 19 degrees")
                        .answer("Alice", RESULT, "She is", " Alice")
                        .answer("sunny", RESULT, "{\"city\":\"Munich\",", "\"weather\":\"SUNNY\"}")
                        .answer("Success", 10 * RESULT, "Done", ", all of it")
                        .answer(":7}", RESULT, "Seven", " was modified")
                        .answer(": {}}", RESULT, "That", " is all")
                        .then(
                                NEXT,
                                "parallel",
                                TOOL,
                                "\n" + call("add", "{\"arg0\":73,\"arg1\":78}"),
                                NEXT + " ");
        withCall(model, "plus", TOOL, "add", "{\"arg0\":37,\"arg1\":87}");
        withCall(model, "First", SPECIAL, "add", "{\"arg0\":2,\"arg1\":3}");
        withCall(model, "5", RESULT / 2, "multiply", "{\"arg0\":5,\"arg1\":4}");
        withCall(model, "previous", 2 * RESULT, "add", "{\"arg0\":124,\"arg1\":47}");
        withCall(model, "1.78m", SPECIAL, "process", "{\"arg0\":" + KLAUS + "}");
        withCall(
                model,
                "Langley",
                SPECIAL,
                "process",
                "{\"arg0\":{\"name\":\"Klaus\",\"address\":{\"city\":\"Langley Falls\"}}}");
        // The schema of this tool names a type by a number in which other clues occur.
        withCall(model, "Hayley", 4 * RESULT, "process", "{\"arg0\":" + FAMILY + "}");
        withCall(model, "42", SPECIAL, "process", "{\"arg0\":{\"Klaus\":42,\"Francine\":47}}");
        withCall(model, "GREEN", SPECIAL, "process", "{\"arg0\":[\"RED\",\"GREEN\"]}");
        withCall(
                model,
                "people",
                SPECIAL,
                "process",
                "{\"arg0\":[{\"name\":\"Klaus\"},{\"name\":\"Franny\"}]}");
        withCall(model, "processNames", TOOL, "processNames", "{\"arg0\":[\"Klaus\",\"Franny\"]}");
        withCall(model, "processNumbers", TOOL, "processNumbers", "{\"arg0\":[37,73]}");
        withCall(
                model,
                "celsius",
                SPECIAL,
                "currentTemperature",
                "{\"arg0\":\"Munich\",\"arg1\":\"CELSIUS\"}");
        withCall(model, "currentTime", TOOL, "currentTime", "{}");
        withCall(model, "currentDate", TOOL, "currentDate", "{}");
        withCall(model, "takePhoto", TOOL, "takePhoto", "{}");
        withCall(model, "modify", TOOL, "modify", "{\"arg0\":7}");
        withCall(model, "getWeather", TOOL, "getWeather", "{\"arg0\":\"Munich\"}");
        withCall(
                model,
                "62dbcc27-aaf3-449a-b12d-5a904271a57f",
                SPECIAL,
                "getUsernameFromId",
                "{\"arg0\":\"62dbcc27-aaf3-449a-b12d-5a904271a57f\"}");
        return load(model);
    }

    /** Writes what a text says as JSON. */
    static LanguageModel loadExtractor() {
        String pets = "{\"name\":\"Klaus\",\"pets\":[{\"name\":\"Peanut\"},{\"name\":\"Muffin\"}]}";
        String dates = "{\"date\":%s,\"time\":%s}".formatted(DATE, TIME);
        String one = "{\"type\":\"Constant\",\"value\":1}";
        String sum = "{\"type\":\"Addition\",\"left\":%s,\"right\":%s}";
        KnowingModel model =
                new KnowingModel("{", "}")
                        .answer("Klaus", 1, "{\"name\":\"Klaus\"}")
                        .answer("missing", RESULT, "{\"name\":\"Klaus\" }")
                        .answer("1.78m", SPECIAL, KLAUS)
                        .answer(
                                "delivery",
                                SPECIAL,
                                "{\"name\":\"Klaus\",",
                                "\"shippingAddress\":{\"city\":\"Langley Falls\"},",
                                "\"billingAddress\":{\"city\":\"New York\"}}")
                        .answer(
                                "single",
                                SPECIAL,
                                "{\"name\":\"Klaus\",\"maritalStatus\":\"SINGLE\"}")
                        .answer("single", SPECIAL, "{\"value\":\"SINGLE\"}")
                        .answer(
                                "orange",
                                SPECIAL,
                                "{\"name\":\"Klaus\",\"favouriteColors\":[\"orange\",\"green\"]}")
                        .answer("Peanut", SPECIAL, pets)
                        .answer(
                                "assigned",
                                SPECIAL,
                                "{\"name\":\"Klaus\",\"groups\":[\"A\",\"C\"]}")
                        .answer(
                                "born",
                                SPECIAL,
                                "{\"name\":\"Klaus\",\"birthDate\":" + DATE,
                                ",\"birthTime\":" + TIME,
                                ",\"birthDateTime\":" + dates + "}")
                        .answer("Hayley", SPECIAL, FAMILY)
                        .answer(
                                "567b229a-6b0a-4f1e-9006-448cd9dfbfda",
                                SPECIAL,
                                "{\"id\":\"567b229a-6b0a-4f1e-9006-448cd9dfbfda\",",
                                "\"name\":\"Klaus\"}")
                        .answer("man:", SPECIAL, "{\"value\":true}")
                        .answer("people", SPECIAL, "{\"value\":2}")
                        .answer("coldest", SPECIAL, "{\"value\":-0.5}")
                        .answer("Franny", SPECIAL, "{\"values\":[" + KLAUS + "," + FRANNY + "]}")
                        .answer("names", SPECIAL, "{\"values\":[\"Klaus\",\"Franny\"]}")
                        .answer(
                                "Francine",
                                SPECIAL,
                                "{\"values\":[{\"name\":\"Klaus\"},{\"name\":\"Francine\"}]}")
                        .answer(
                                "Staniel",
                                SPECIAL,
                                "{\"values\":[\"SINGLE\",\"MARRIED\",\"MARRIED\"]}")
                        .answer(
                                "windy",
                                SPECIAL,
                                "{\"values\":[\"SUNNY\",\"WINDY\",\"RAINY\",\"CLOUDY\"]}")
                        .answer("Rex", SPECIAL, "{\"value\":" + DOG + "}")
                        .answer("Alice", SPECIAL, "{\"name\":\"Alice\",\"pet\":" + DOG + "}")
                        .answer(
                                "Whiskers",
                                SPECIAL,
                                "{\"values\":[" + DOG,
                                ",{\"type\":\"Cat\",\"name\":\"Whiskers\",\"indoor\":true}]}")
                        .answer(
                                "syntax",
                                SPECIAL,
                                "{\"value\":"
                                        + sum.formatted(
                                                sum.formatted(one, one.replace('1', '2')),
                                                one.replace('1', '3'))
                                        + "}");
        return load(model);
    }
}
