import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import org.javarosa.core.model.CoreModelModule;
import org.javarosa.core.model.FormDef;
import org.javarosa.core.model.FormIndex;
import org.javarosa.core.model.condition.EvaluationContext;
import org.javarosa.core.model.data.IAnswerData;
import org.javarosa.core.model.instance.InstanceInitializationFactory;
import org.javarosa.core.model.instance.TreeElement;
import org.javarosa.core.model.instance.TreeReference;
import org.javarosa.core.services.PrototypeManager;
import org.javarosa.core.util.JavaRosaCoreModule;
import org.javarosa.form.api.FormEntryController;
import org.javarosa.form.api.FormEntryModel;
import org.javarosa.model.xform.XFormsModule;
import org.javarosa.xform.parse.XFormParser;
import org.javarosa.xform.util.XFormAnswerDataParser;
import org.javarosa.xpath.XPathNodeset;
import org.javarosa.xpath.XPathParseTool;
import org.javarosa.xpath.expr.XPathFuncExpr;

/**
 * Asks JavaRosa, the engine inside ODK Collect, what a form or an expression is worth.
 *
 * Reads one JSON object a line and answers one JSON object a line:
 *   {"do": "load", "form": XForm XML, answers written into its first instance}  ->  {}
 *   {"do": "eval", "questions": [[expression, path with row numbers], ...]}     ->  {"answers": [{type, value}, ...]}
 *   {"do": "act", "steps": [["set", path, text], ["add", path], ["remove", path, row]]}  ->  {}
 *   {"do": "dump"}  ->  {"leaves": {path: {value, relevant, required, allowed}}}
 * A fault of a whole line is {"error": sentence}; of one expression, an answer of type "error".
 */
public final class JavaRosaOracle {
    private static final ObjectMapper JSON = new ObjectMapper();
    private FormDef form;

    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.setOut(System.err); // JavaRosa prints remarks: they must not stand among the answers
        PrototypeManager.registerPrototypes(JavaRosaCoreModule.classNames);
        PrototypeManager.registerPrototypes(CoreModelModule.classNames);
        new XFormsModule().registerModule();
        JavaRosaOracle oracle = new JavaRosaOracle();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.println(JSON.writeValueAsString(oracle.answer(line)));
        }
    }

    private ObjectNode answer(String line) {
        try {
            JsonNode asked = JSON.readTree(line);
            switch (asked.get("do").asText()) {
                case "load": return load(asked.get("form").asText());
                case "eval": return evaluate(asked.get("questions"));
                case "act": return act(asked.get("steps"));
                default: return dump();
            }
        } catch (Exception | StackOverflowError | LinkageError fault) {
            return JSON.createObjectNode().put("error", fault.toString());
        }
    }

    private ObjectNode load(String xml) throws Exception {
        form = new XFormParser(new StringReader(xml)).parse();
        form.initialize(true, new InstanceInitializationFactory());
        return JSON.createObjectNode();
    }

    private ObjectNode evaluate(JsonNode questions) {
        ObjectNode found = JSON.createObjectNode();
        ArrayNode answers = found.putArray("answers");
        for (JsonNode question : questions) {
            answers.add(worth(question.get(0).asText(), question.get(1).asText()));
        }
        return found;
    }

    private ObjectNode worth(String expression, String path) {
        try {
            EvaluationContext here = new EvaluationContext(form.getEvaluationContext(), reference(path));
            return described(XPathParseTool.parseXPath(expression).eval(form.getMainInstance(), here));
        } catch (Exception | StackOverflowError | LinkageError fault) {
            return JSON.createObjectNode().put("type", "error").put("value", fault.toString());
        }
    }

    private static ObjectNode described(Object value) {
        ObjectNode found = JSON.createObjectNode();
        if (value instanceof XPathNodeset) {
            XPathNodeset nodes = (XPathNodeset) value;
            ArrayNode texts = found.put("type", "nodeset").putArray("value");
            for (Object one : nodes.toArgList()) {
                texts.add(XPathFuncExpr.toString(one));
            }
            return found;
        }
        String type = value instanceof Boolean ? "boolean"
            : value instanceof Double ? "number"
            : value instanceof Date ? "date" : "string";
        found.put("type", type);
        if (value instanceof Double) {
            return found.put("value", Double.toString((Double) value));
        }
        return found.put("value", XPathFuncExpr.toString(value));
    }

    private ObjectNode act(JsonNode steps) throws Exception {
        for (JsonNode step : steps) {
            String path = step.get(1).asText();
            switch (step.get(0).asText()) {
                case "set": set(reference(path), step.get(2).asText()); break;
                case "add": form.createNewRepeat(index(path, FormEntryController.EVENT_PROMPT_NEW_REPEAT, -1)); break;
                default: form.deleteRepeat(index(path, FormEntryController.EVENT_REPEAT, step.get(2).asInt() - 1));
            }
        }
        return JSON.createObjectNode();
    }

    private void set(TreeReference reference, String text) {
        TreeElement element = form.getMainInstance().resolveReference(reference);
        IAnswerData data = text.isEmpty() ? null : XFormAnswerDataParser.getAnswerData(text, element.getDataType());
        form.setValue(data, reference, true);
    }

    /** Where in the walk through the form a repeat stands: its prompt for a new row, or one row. */
    private FormIndex index(String path, int event, int row) {
        TreeReference wanted = reference(path);
        FormEntryModel model = new FormEntryModel(form);
        FormIndex index = FormIndex.createBeginningOfFormIndex();
        while (!index.isEndOfFormIndex()) {
            if (model.getEvent(index) == event && sameParent(wanted, index.getReference())
                && (row < 0 || index.getReference().getMultLast() == row)) {
                return index;
            }
            index = model.incrementIndex(index);
        }
        throw new IllegalArgumentException("no such row: " + path);
    }

    private static boolean sameParent(TreeReference wanted, TreeReference found) {
        return wanted.getNameLast().equals(found.getNameLast()) && wanted.getParentRef().equals(found.getParentRef());
    }

    /** `/data/person[2]/age` as JavaRosa says it: every step with its place, counted from 0. */
    private static TreeReference reference(String path) {
        TreeReference found = TreeReference.rootRef();
        for (String step : path.substring(1).split("/")) {
            int bracket = step.indexOf('[');
            int place = bracket < 0 ? 0 : Integer.parseInt(step.substring(bracket + 1, step.length() - 1)) - 1;
            found.add(bracket < 0 ? step : step.substring(0, bracket), place);
        }
        return found;
    }

    private ObjectNode dump() {
        ObjectNode found = JSON.createObjectNode();
        ObjectNode leaves = found.putObject("leaves");
        put(form.getMainInstance().getRoot(), "/" + form.getMainInstance().getRoot().getName(), leaves);
        return found;
    }

    private void put(TreeElement element, String path, ObjectNode leaves) {
        if (element.getNumChildren() == 0 && !element.isRepeatable()) {
            ObjectNode leaf = leaves.putObject(path);
            IAnswerData data = element.getValue();
            leaf.put("value", data == null ? "" : data.uncast().getString());
            leaf.put("relevant", element.isRelevant());
            leaf.put("required", element.isRequired());
            leaf.put("allowed", data == null || form.evaluateConstraint(element.getRef(), data));
            return;
        }
        for (int place = 0; place < element.getNumChildren(); place++) {
            TreeElement child = element.getChildAt(place);
            if (child.getMult() == TreeReference.INDEX_TEMPLATE || child.getName().equals("meta")) {
                continue;
            }
            String row = child.isRepeatable() ? "[" + (child.getMult() + 1) + "]" : "";
            put(child, path + "/" + child.getName() + row, leaves);
        }
    }
}
