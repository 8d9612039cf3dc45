// SPDX-License-Identifier: Apache-2.0

extension ActionTable {
    /// Actions on forwarding rules.
    static let albRule = #"""
        action CreateRule P0 job token dry
         Direction s |Request|Response =Request
         ListenerId s!
         Priority i! 1..10000
         RuleActions a:o! @RuleActions
         RuleConditions a:o! @RuleConditions
         RuleName s! len2..128 ~name
         Tag a:o @Tag

        action CreateRules P0 job token dry
         ListenerId s!
         Rules a:o! n1..10
          Direction s |Request|Response
          Priority i! 1..10000
          RuleActions a:o! @RuleActions
          RuleConditions a:o! @RuleConditions
          RuleName s! len2..128 ~name
          Tag a:o @Tag

        action DeleteRule P0 job token dry
         RuleId s!

        action DeleteRules P0 job token dry
         RuleIds a:s! n1..10

        action ListRules P0 sync
         Direction s |Request|Response =Request
         ListenerIds a:s n..20
         LoadBalancerIds a:s n..20
         MaxResults i 1..100 =20
         NextToken s
         RuleIds a:s n1..20
         Tag a:o n..20 @Tag
         ListenerId s

        action UpdateRuleAttribute P0 job token dry
         Priority i 1..10000
         RuleActions a:o @RuleActions
         RuleConditions a:o @RuleConditions
         RuleId s!
         RuleName s len2..128 ~name

        action UpdateRulesAttribute P0 job token dry
         Rules a:o! n1..10
          Priority i 1..10000
          RuleActions a:o @RuleActions
          RuleConditions a:o @RuleConditions
          RuleId s!
          RuleName s len2..128 ~name
        """#
}
