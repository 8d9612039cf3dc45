// SPDX-License-Identifier: Apache-2.0
import CloudAPI

/// The rules that NGINX annotations put around the rule of a path.
struct NginxRules {
    let mapping: NginxMapping

    /// The path's rule, with those before and behind it that the annotations ask for.
    func drafts(_ draft: RuleDraft) -> [RuleDraft] {
        var main = draft
        if let redirect = mapping.redirect {
            main.actions = main.actions.filter(Self.isKeptBesideRedirect) + [.redirect(redirect)]
            main.implicitGroup = nil
        }
        if !mapping.allowedSources.isEmpty {
            main.annotationConditions.append(.sourceIP(mapping.allowedSources))
        }
        main.actions += mapping.snippet.request
        return www(draft) + denied(draft) + root(draft) + [main] + answers(draft) + uninvited(draft)
    }

    /// What happens to the path's answers.
    private func answers(_ draft: RuleDraft) -> [RuleDraft] {
        guard !mapping.snippet.response.isEmpty, draft.direction == .request else { return [] }
        var copy = draft
        copy.direction = .response
        copy.actions = mapping.snippet.response
        copy.implicitGroup = nil
        return [copy]
    }

    private static func isKeptBesideRedirect(_ action: RuleAction) -> Bool {
        switch action {
        case .insertHeader, .removeHeader, .cors: true
        default: false
        }
    }

    private func answer(_ draft: RuleDraft, _ action: RuleAction) -> RuleDraft {
        var copy = draft
        copy.actions = [action]
        copy.implicitGroup = nil
        return copy
    }

    private static let refusal = RuleAction.fixedResponse(
        status: 403,
        contentType: "text/plain",
        content: "Forbidden"
    )

    /// Those who may not come.
    private func denied(_ draft: RuleDraft) -> [RuleDraft] {
        guard !mapping.deniedSources.isEmpty else { return [] }
        var copy = answer(draft, Self.refusal)
        copy.annotationConditions.append(.sourceIP(mapping.deniedSources))
        return [copy]
    }

    /// Everybody else, where only some may come.
    private func uninvited(_ draft: RuleDraft) -> [RuleDraft] {
        mapping.allowedSources.isEmpty ? [] : [answer(draft, Self.refusal)]
    }

    private func root(_ draft: RuleDraft) -> [RuleDraft] {
        guard let root = mapping.appRoot, draft.place.path == "/" else { return [] }
        var copy = answer(draft, .redirect(RedirectTarget(path: root, status: 302)))
        copy.patterns = ["/"]
        return [copy]
    }

    /// The host with or without `www.` leads to the one that the rule has.
    private func www(_ draft: RuleDraft) -> [RuleDraft] {
        let host = draft.place.host
        guard mapping.joinsWWW, !host.isEmpty, !host.hasPrefix("*") else { return [] }
        let other = host.hasPrefix("www.") ? String(host.dropFirst(4)) : "www." + host
        var copy = answer(draft, .redirect(RedirectTarget(host: host, status: 308)))
        copy.place.host = other
        copy.aliases = []
        copy.patterns = ["/*"]
        return [copy]
    }
}
